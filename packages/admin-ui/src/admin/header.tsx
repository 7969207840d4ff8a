/** The head of every page: whose node it is, how fresh the numbers are, the way around, language and sign-out. */
import type { JSX } from 'preact'
import { useAction } from '../api/use-action.ts'
import { freshnessOf } from '../live/freshness.ts'
import { channel } from '../live/live-store.ts'
import { nowMs } from '../live/now.ts'
import { LanguageSwitch } from '../parts/language-switch.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { type MenuPage, formatRoute, route } from './route.ts'
import { signOut } from './session-store.ts'

const order: readonly MenuPage[] = ['overview', 'products', 'problems', 'log', 'shops']

export function Header({ name }: { readonly name: string }): JSX.Element {
  const signingOut = useAction()
  return (
    <header class="header">
      <div class="header-top">
        <a class="brand" href={formatRoute('overview')}>
          <span class="brand-mark" aria-hidden="true" />
          <span class="brand-name">{name}</span>
        </a>
        <Indicator />
        <div class="header-tools">
          <LanguageSwitch label={text.value.common.language} />
          <a
            class="button button-quiet"
            href={formatRoute('settings')}
            aria-current={route.value.page === 'settings' ? 'page' : undefined}
          >
            {text.value.nav.settings}
          </a>
          <button type="button" class="button button-quiet" onClick={() => signingOut.run(signOut)}>
            {text.value.common.signOut}
          </button>
        </div>
      </div>
      <nav class="nav" aria-label="Stockmesh">
        {order.map((page) => (
          <a key={page} href={formatRoute(page)} aria-current={route.value.page === page ? 'page' : undefined}>
            {text.value.nav[page]}
            {page === 'problems' && <ProblemCount />}
          </a>
        ))}
      </nav>
    </header>
  )
}

function ProblemCount(): JSX.Element | null {
  const count = channel.state.value?.status.stock.problems ?? 0
  return count === 0 ? null : <span class="nav-count">{format.value.number(count)}</span>
}

function Indicator(): JSX.Element {
  const freshness = freshnessOf(channel.contact.value, nowMs.value)
  const words = text.value.live
  const label =
    freshness.state === 'stale'
      ? words.stale(format.value.since(new Date(freshness.sinceMs).toISOString(), nowMs.value))
      : words[freshness.state]
  return (
    <span class={`live live-${freshness.state}`} role="status">
      <span class="live-shape" aria-hidden="true" />
      <span class="live-label">{label}</span>
    </span>
  )
}
