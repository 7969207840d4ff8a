/** Starts the admin pages, once it is known in which language. */
import { render } from 'preact'
import { App } from './admin/app.tsx'
import { loadSession, watchSession } from './admin/session-store.ts'
import { languageReady } from './text/admin-language.ts'

watchSession()
await loadSession()
await languageReady()
render(<App />, document.body)
