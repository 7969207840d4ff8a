/** A copy of the running node as a file. The browser takes it as it is written, however large it is. */
import type { JSX } from 'preact'
import { isViewer } from '../api/viewer.ts'
import { text } from '../text/admin-language.ts'

export function BackupCard(): JSX.Element | null {
  const words = text.value.settings
  // It holds the keys of the shop.
  if (isViewer.value) {
    return null
  }
  return (
    <section class="card settings" aria-labelledby="backup">
      <h2 id="backup">{words.backup}</h2>
      <p class="hint">{words.backupIntro}</p>
      <p class="actions">
        <a class="button" href="/api/v1/backup" download>
          {words.backupDo}
        </a>
      </p>
    </section>
  )
}
