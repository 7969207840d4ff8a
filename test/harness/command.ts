/**
 * The `stockmesh` command as a process of its own, run until it ends by itself or is interrupted, with nothing of this
 * process's settings.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../packages/node/bin/stockmesh.js', import.meta.url))
const endMsMax = 60_000

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface RunningCommand {
  /** What it has printed so far. */
  readonly out: string
  /** As Ctrl-C does. */
  interrupt(): void
  /** As `| head` does: nobody reads on. */
  stopReading(): void
  readonly ended: Promise<Ended>
}

export function startCommand(
  args: readonly string[],
  input: string | null = null,
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(STOCKMESH_|NODE_OPTIONS$|VITEST)/.test(name))
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: endMsMax,
    killSignal: 'SIGKILL',
  })
  child.stdin.end(input ?? '')
  const said = { out: '', err: '' }
  for (const name of ['out', 'err'] as const) {
    child[`std${name}`].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return {
    get out() {
      return said.out
    },
    interrupt: () => void child.kill('SIGINT'),
    stopReading: () => void child.stdout.destroy(),
    ended,
  }
}

export async function runCommand(
  args: readonly string[],
  input: string | null = null,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return await startCommand(args, input, env).ended
}
