/**
 * A terminal that notes what is printed, answers questions from a list, and never waits.
 */
import type { Terminal } from '../../packages/node/src/cli/terminal.ts'

export class FakeTerminal implements Terminal {
  readonly env: Record<string, string | undefined>
  isTerminal = false
  hasColor = false
  canAsk = false
  out = ''
  err = ''
  readonly questions: string[] = []
  readonly answers: string[] = []
  pauses = 0

  constructor(env: Record<string, string | undefined> = {}) {
    this.env = env
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

  async pause(): Promise<void> {
    this.pauses += 1
  }

  async stopped(): Promise<void> {}
}
