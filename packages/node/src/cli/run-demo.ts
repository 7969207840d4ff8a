/**
 * `stockmesh demo`: hands over to the demo until it ends.
 */
import type { Invocation } from './client-command.ts'
import { openDataFolder } from './data-folder.ts'
import { runDemo } from './demo-command.ts'

export async function demo({ settings, terminal }: Invocation): Promise<number> {
  await runDemo({ ...settings, data: await openDataFolder(settings.data) }, terminal)
  return 0
}
