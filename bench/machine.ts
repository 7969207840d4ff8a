/**
 * On what a run was made: figures mean nothing without it.
 */
import { cpus, loadavg, release, type } from 'node:os'

export interface Machine {
  readonly at: string
  readonly processor: string
  readonly cores: number
  /** Others at work on the same cores make every time longer; user CPU seconds suffer less. */
  readonly loadAverage: string
  readonly node: string
  readonly system: string
}

export function describeMachine(): Machine {
  return {
    at: new Date().toISOString(),
    processor: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    loadAverage: (loadavg()[0] ?? 0).toFixed(1),
    node: process.versions.node,
    system: `${type()} ${release()}`,
  }
}
