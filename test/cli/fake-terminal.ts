/**
 * A terminal that notes what is printed, answers questions from a list, and never pauses. Its Ctrl-C is `stop`.
 */
import { type Cancel, systemTimers } from '../../packages/node/src/ports.ts'
import type { Terminal } from '../../packages/node/src/cli/terminal.ts'

export class FakeTerminal implements Terminal {
  readonly env: Record<string, string | undefined>
  isTerminal = false
  hasColor = false
  columns: number | null = null
  canAsk = false
  out = ''
  err = ''
  /** What is piped in. */
  input = ''
  readonly questions: string[] = []
  readonly secretQuestions: string[] = []
  readonly answers: string[] = []
  pauses = 0
  /** Longer waits end after this many milliseconds. */
  patienceMsMax: number = Number.POSITIVE_INFINITY
  readonly #stopped: Promise<void>
  #stop: () => void = () => undefined

  constructor(env: Record<string, string | undefined> = {}) {
    this.env = env
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve
    })
  }

  print(text: string): void {
    this.out += text
  }

  warn(text: string): void {
    this.err += text
  }

  async ask(question: string): Promise<string> {
    this.questions.push(question)
    return this.answers.shift() ?? ''
  }

  async askSecret(question: string): Promise<string> {
    this.secretQuestions.push(question)
    return this.answers.shift() ?? ''
  }

  async readInput(): Promise<string> {
    return this.input
  }

  after(ms: number, run: () => void): Cancel {
    return systemTimers.after(Math.min(ms, this.patienceMsMax), run)
  }

  async pause(): Promise<void> {
    this.pauses += 1
  }

  stopped(): Promise<void> {
    return this.#stopped
  }

  stop(): void {
    this.#stop()
  }
}
