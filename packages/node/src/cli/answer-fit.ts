/**
 * Whether an answer is one that the command can read. A newer node may add fields, and words to its lists of words;
 * anything else that does not fit did not come from a node.
 */
import type { z, ZodType } from 'zod'

type Issue = z.core.$ZodIssue

export function fits<T>(schema: ZodType<T>, answer: unknown): answer is T {
  const parsed = schema.safeParse(answer, { reportInput: true })
  return parsed.success || parsed.error.issues.every(isNewer)
}

function isNewer(issue: Issue): boolean {
  switch (issue.code) {
    case 'unrecognized_keys':
      return true
    case 'invalid_value':
      return typeof issue.input === 'string'
    case 'invalid_union':
      return issue.errors.some((branch) => branch.length > 0 && branch.every(isNewer))
    default:
      return false
  }
}
