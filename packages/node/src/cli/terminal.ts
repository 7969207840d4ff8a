/**
 * What a command may touch of the world around it: two streams, the environment, a question to a person, time. Tests
 * pass one of their own.
 */
import { createInterface } from 'node:readline/promises'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A person sees what is printed: tables may have colours and progress may overwrite itself. */
  readonly isTerminal: boolean
  readonly hasColor: boolean
  /** A person can answer a question. */
  readonly canAsk: boolean
  print(text: string): void
  /** To the error stream: what is no result. */
  warn(text: string): void
  ask(question: string): Promise<string>
  pause(ms: number): Promise<void>
  /** Resolves when the process is asked to end. */
  stopped(): Promise<void>
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process
  // A reader that has seen enough (`| head`) closes the pipe; that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    env,
    isTerminal: stdout.isTTY,
    hasColor: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    canAsk: stdin.isTTY && stderr.isTTY,
    print: (text) => void stdout.write(text),
    warn: (text) => void stderr.write(text),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question)
      } finally {
        lines.close()
      }
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      }),
  }
}
