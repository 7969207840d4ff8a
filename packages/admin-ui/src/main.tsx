/** Starts the admin pages. */
import { render } from 'preact'
import { App } from './admin/app.tsx'
import { loadSession, watchSession } from './admin/session-store.ts'

watchSession()
void loadSession()
render(<App />, document.body)
