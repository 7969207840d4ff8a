/**
 * `stockmesh start`: the node itself.
 */
import type { StartSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** Resolves when the node was asked to end and has closed. */
export async function runNode(_settings: StartSettings, _terminal: Terminal): Promise<void> {
  throw new Error('not built yet')
}
