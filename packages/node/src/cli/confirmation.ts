/**
 * A question that must be answered with yes before something final is done. Without a person, or with `--yes`, the
 * command itself is the word.
 */
import type { Invocation } from './client-command.ts'

export async function isConfirmed({ settings, terminal }: Invocation, question: string): Promise<boolean> {
  if (!terminal.canAsk || settings.yes) return true
  if (isYes(await terminal.ask(`${question} [y/N] `))) return true
  terminal.warn('Nothing was changed.\n')
  return false
}

export function isYes(answer: string): boolean {
  return /^(y|yes|j|ja)$/i.test(answer.trim())
}
