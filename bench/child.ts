/**
 * A measurement in a process of its own: what it printed, and how it ended.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Ended {
  readonly text: string
  readonly code: number | null
  readonly signal: string | null
}

/** `secondsMax`: it is killed after that. */
export async function runNode(args: readonly string[], secondsMax: number | null = null): Promise<Ended> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const limit = secondsMax === null ? undefined : setTimeout(() => child.kill('SIGKILL'), secondsMax * 1_000)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(limit)
  return { text, code, signal }
}
