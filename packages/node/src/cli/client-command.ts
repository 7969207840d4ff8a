/**
 * What a command is, and the common parts of those that speak to a running node.
 */
import type { Argument, ArgumentRules } from './arguments.ts'
import type { SettingName, Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

export interface Invocation {
  readonly settings: Settings
  /** What stands on the line beside flags, as many as the command takes. */
  readonly given: readonly string[]
  readonly terminal: Terminal
}

/** Resolves with the exit code. */
type Run = (invocation: Invocation) => Promise<number>

/** The headings of the help, in their order. */
export const groups = ['Run', 'Network', 'Stock', 'Look', 'This node'] as const

export interface Command extends ArgumentRules {
  readonly name: string
  readonly group: (typeof groups)[number]
  readonly summary: string
  /** What else to know, a line each. */
  readonly notes: readonly string[]
  readonly example: string
  load(): Promise<Run>
}

const nodeSettings = ['node', 'token', 'admin-token', 'data', 'json'] as const satisfies readonly SettingName[]

type ClientCommand = Pick<Command, 'name' | 'group' | 'summary' | 'load'> &
  Partial<Pick<Command, 'arguments' | 'settings' | 'notes' | 'check'>> & {
    /** Without `stockmesh`; else the name alone. */
    readonly example?: string
  }

export function clientCommand({ name, example, settings, ...more }: ClientCommand): Command {
  return {
    arguments: [],
    notes: [],
    fallbacks: {},
    ...more,
    name,
    example: `stockmesh ${example ?? name}`,
    settings: [...(settings ?? []), ...nodeSettings],
  }
}

export function required(name: string): Argument {
  return { name, required: true }
}

export function optional(name: string): Argument {
  return { name, required: false }
}
