/**
 * `stockmesh start`: prepares the folder, warns about an open host, and hands over to the node until it ends.
 */
import type { Invocation } from './client-command.ts'
import { openDataFolder } from './data-folder.ts'
import { hostWarning } from './settings.ts'
import { runNode } from './start-command.ts'

export async function start({ settings, terminal }: Invocation): Promise<number> {
  const warning = hostWarning(settings.host, settings['tls-cert'] !== null)
  if (warning !== null) terminal.warn(`${warning}\n`)
  await runNode({ ...settings, data: await openDataFolder(settings.data) }, terminal)
  return 0
}
