/**
 * `stockmesh demo`: several nodes with their shops in one process.
 */
import type { DemoSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** Resolves when the demo was asked to end and has closed. */
export async function runDemo(_settings: DemoSettings, _terminal: Terminal): Promise<void> {
  throw new Error('not built yet')
}
