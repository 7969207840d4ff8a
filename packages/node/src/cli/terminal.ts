/**
 * What a command may touch of the world around it: its streams, the environment, a question to a person, time. Tests
 * pass one of their own.
 */
import { createInterface, type Interface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { systemTimers, type Timers } from '../ports.ts'
import { inputBytesMax } from './limits.ts'

export interface Terminal extends Timers {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A person sees what is printed: tables may have colours and progress may overwrite itself. */
  readonly isTerminal: boolean
  readonly hasColor: boolean
  /** Characters that fit beside each other; null where nobody looks. */
  readonly columns: number | null
  /** A person can answer a question. */
  readonly canAsk: boolean
  print(text: string): void
  /** To the error stream: what is no result. */
  warn(text: string): void
  /** An empty text where the person gave none, or closed the input. */
  ask(question: string): Promise<string>
  /** As `ask`, but what is typed is not shown. */
  askSecret(question: string): Promise<string>
  /** All that is piped in. Errors: `input-too-large`. */
  readInput(): Promise<string>
  pause(ms: number): Promise<void>
  /** Resolves when the process is asked to end. */
  stopped(): Promise<void>
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process
  // A reader that has seen enough (`| head`) closes the pipe; that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  // Nobody reads the errors any more; the exit code still tells.
  stderr.on('error', () => undefined)
  return {
    env,
    isTerminal: stdout.isTTY,
    hasColor: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    columns: stdout.isTTY ? stdout.columns : null,
    canAsk: stdin.isTTY && stderr.isTTY,
    print: (text) => void stdout.write(text),
    warn: (text) => void stderr.write(text),
    ask: (question) => answerOf(createInterface({ input: stdin, output: stderr }), question),
    async askSecret(question) {
      stderr.write(question)
      const nothing = new Writable({ write: (_chunk, _encoding, done) => done() })
      try {
        return await answerOf(createInterface({ input: stdin, output: nothing, terminal: true }), '')
      } finally {
        stderr.write('\n')
      }
    },
    readInput: () => readAll(stdin),
    after: (ms, run) => systemTimers.after(ms, run),
    pause: (ms) => new Promise((resolve) => void systemTimers.after(ms, resolve)),
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      }),
  }
}

/** A question whose input is closed is never answered, so that the end of the input is an answer too. */
async function answerOf(lines: Interface, question: string): Promise<string> {
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return await Promise.race([lines.question(question), closed])
  } finally {
    lines.close()
  }
}

class InputError extends Error {
  readonly code = 'input-too-large'
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of input) {
    const read = Buffer.from(chunk)
    bytes += read.length
    if (bytes > inputBytesMax) throw new InputError(`The input is over ${inputBytesMax} bytes. Send less at a time.`)
    chunks.push(read)
  }
  return Buffer.concat(chunks).toString('utf8')
}
