/** The page that the address names after `#`. Only the hash is used, so any static server can serve the pages. */
import { type ReadonlySignal, signal } from '@preact/signals'

const pageNames = ['overview', 'products', 'problems', 'log', 'shops', 'settings', 'oversold', 'count'] as const
export type PageName = (typeof pageNames)[number]
/** Pages of the menu; to the others a page leads. */
export type MenuPage = Exclude<PageName, 'oversold' | 'count'>

export interface Route {
  readonly page: PageName
  readonly parameters: Readonly<Record<string, string>>
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const page = pageNames.find((name) => name === path) ?? 'overview'
  return { page, parameters: Object.fromEntries(new URLSearchParams(query)) }
}

export function formatRoute(page: PageName, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString()
  return `#/${page}${query === '' ? '' : `?${query}`}`
}

const current = signal(parseRoute(globalThis.location?.hash ?? ''))
globalThis.addEventListener?.('hashchange', () => {
  current.value = parseRoute(location.hash)
})

export const route: ReadonlySignal<Route> = current

/** Changes what the page shows without a step in the browser's history. */
export function replaceParameters(parameters: Readonly<Record<string, string>>): void {
  const next = formatRoute(current.value.page, parameters)
  history.replaceState(null, '', next)
  current.value = parseRoute(next)
}
