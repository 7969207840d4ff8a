/** The frame of the admin pages: who is here decides which page is shown. */
import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { isViewer } from '../api/viewer.ts'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { late } from '../parts/late.tsx'
import { channel } from '../live/live-store.ts'
import { text } from '../text/admin-language.ts'
import { language } from '../text/language.ts'
import { SetUpPage, SignInPage } from './entry-page.tsx'
import { Header } from './header.tsx'
import { LogPage } from './log-page.tsx'
import { OverviewPage } from './overview-page.tsx'
import { ProblemsPage } from './problems-page.tsx'
import { ProductsPage } from './products-page.tsx'
import { type PageName, route } from './route.ts'
import { loadSession, session, sessionFailure } from './session-store.ts'
import { ShopsPage } from './shops-page.tsx'

const pages: Readonly<Record<PageName, () => JSX.Element | null>> = {
  overview: OverviewPage,
  products: ProductsPage,
  problems: ProblemsPage,
  log: LogPage,
  shops: ShopsPage,
  settings: late(async () => (await import('./settings-page.tsx')).SettingsPage),
  oversold: late(async () => (await import('./oversold-page.tsx')).OversoldPage),
  count: late(async () => (await import('./stock-list-page.tsx')).StockListPage),
}

function titleOf(page: PageName): string {
  switch (page) {
    case 'oversold':
      return text.value.oversoldPage.title
    case 'count':
      return text.value.stockList.title
    default:
      return text.value.nav[page]
  }
}

export function App(): JSX.Element {
  useSignalEffect(() => {
    document.documentElement.lang = language.value
  })
  const state = session.value?.state
  if (state === undefined) {
    return <Waiting />
  }
  if (state === 'setup') {
    return <SetUpPage />
  }
  return state === 'signed-out' ? <SignInPage /> : <SignedIn />
}

/** Before the node has said who is here; a node that does not answer is asked again by hand or by itself. */
function Waiting(): JSX.Element {
  const failure = sessionFailure.value
  useEffect(() => {
    if (failure === null) {
      return undefined
    }
    const timer = setTimeout(() => void loadSession(), 3000)
    return () => clearTimeout(timer)
  }, [failure])
  return (
    <main class="entry">
      {failure === null ? <p class="muted">{text.value.common.loading}</p> : <FailureNotice failure={sessionFailure} />}
    </main>
  )
}

function SignedIn(): JSX.Element {
  const page = route.value.page
  const Page = pages[page]
  const main = useRef<HTMLElement>(null)
  const shown = useRef<PageName>(page)
  const name = channel.state.value?.status.node.name ?? session.value?.name ?? 'Stockmesh'
  const title = titleOf(page)
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
  useEffect(() => {
    // A screen reader and the tab key go on in the new page, and not behind the link that opened it.
    if (shown.current !== page) {
      shown.current = page
      main.current?.focus()
      scrollTo(0, 0)
    }
  }, [page])
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {text.value.common.skip}
      </a>
      <Header name={name} />
      <main id="main" ref={main} tabIndex={-1} aria-label={title}>
        {isViewer.value && <p class="notice">{text.value.common.viewer}</p>}
        {channel.state.value === null ? <p class="muted">{text.value.common.loading}</p> : <Page />}
      </main>
      <footer class="footer">
        <p>{text.value.common.goesOn}</p>
      </footer>
    </>
  )
}
