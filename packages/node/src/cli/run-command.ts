/**
 * From the words on the command line to an exit code: 0 done, 1 failed, 2 used wrongly. Whatever fails is told in one
 * sentence that says what to do.
 */
import { parseArguments } from './arguments.ts'
import { commands } from './catalogue.ts'
import type { Command } from './client-command.ts'
import { exitFailed, exitUsage } from './exit-code.ts'
import { release } from '../node/release.ts'
import { commandHelp, generalHelp } from './help.ts'
import { plain } from './cell.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = commands.find((candidate) => candidate.name === rest[0])
    terminal.print(asked === undefined ? generalHelp(commands) : commandHelp(asked))
    return name === undefined ? exitUsage : 0
  }
  if (name === '--version' || name === '-V' || name === 'version') {
    terminal.print(`${release}\n`)
    return 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    terminal.warn(`"${plain(name)}" is not a command of stockmesh. See: stockmesh --help\n`)
    return exitUsage
  }
  return await runNamed(command, rest, terminal)
}

async function runNamed(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseArguments(command, argv, terminal.env)
  if (parsed.kind === 'help') {
    terminal.print(commandHelp(command))
    return 0
  }
  if (parsed.kind === 'faults') return refuse(command, parsed.faults, terminal)
  try {
    const run = await command.load()
    return await run({ settings: parsed.settings, given: parsed.given, terminal })
  } catch (error) {
    if (error instanceof UsageError) return refuse(command, error.faults, terminal)
    terminal.warn(`${sentenceOf(error)}\n`)
    return exitFailed
  }
}

function refuse({ name }: Command, faults: readonly string[], terminal: Terminal): number {
  const lines = faults.map((fault) => `  ${plain(fault)}\n`).join('')
  terminal.warn(`stockmesh ${name} cannot run:\n${lines}See: stockmesh ${name} --help\n`)
  return exitUsage
}

/** Our own errors carry a code and a sentence; anything else is a bug, which is told with where it happened. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return typeof (error as { code?: unknown }).code === 'string' ? error.message : (error.stack ?? error.message)
}
