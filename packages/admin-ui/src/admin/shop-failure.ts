/** What a person is told of a shop that the node cannot work with: not each of them comes back by itself. */
import type { ProblemItem } from '@stockmesh/protocol/api'

/** Nothing goes on before a person has done something, which these sentences say in the person's language. */
const lasting: ReadonlySet<unknown> = new Set([
  'shop-copied',
  'feed-epoch-changed',
  'address-elsewhere',
  'certificate-untrusted',
])

/** `general` is said of a shop that is away for a while; whatever else it is, the node's own sentence stands beside it. */
export function shopFailureText(
  { details, message }: Pick<ProblemItem, 'details' | 'message'>,
  general: string,
  sentenceFor: (failure: { readonly code: string; readonly message: string }) => string,
): string {
  const { code } = details
  if (typeof code !== 'string' || code === 'shop-unreachable') return general
  return lasting.has(code) ? sentenceFor({ code, message }) : `${general} (${message})`
}
