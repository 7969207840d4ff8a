/**
 * Why a call to a node did not come back with an answer, as one sentence that says what to do.
 */

/** Codes: `node-unreachable`, `node-silent`, `node-cut`, `connection-unsafe`, `answer-invalid`, or the node's own. */
export class NodeCallError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NodeCallError'
    this.code = code
  }
}

export interface FailedCall {
  readonly node: string
  /** The call was to change something. */
  readonly isChange: boolean
  readonly msMax: number
  readonly error: unknown
}

export function callFailure({ node, isChange, msMax, error }: FailedCall): NodeCallError {
  if (error instanceof NodeCallError) return error
  const doubt = isChange ? ' It may have done it all the same: look before you repeat it.' : ''
  const options = { cause: error }
  if (error instanceof DOMException) {
    const seconds = Math.round(msMax / 1_000)
    return new NodeCallError(
      'node-silent',
      `The node at ${node} has not answered for ${seconds} s. Look at its log, or restart it.${doubt}`,
      options,
    )
  }
  if (isCut(error)) {
    return new NodeCallError(
      'node-cut',
      `The node at ${node} broke off its answer. Look at its log, then try again.${doubt}`,
      options,
    )
  }
  const { name, code, message } = causeOf(error)
  if (message === 'unexpected redirect' || name === 'HTTPParserError') return notANode(node, options)
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return new NodeCallError(
      'connection-unsafe',
      `There is no safe connection to ${node} (${code}). Correct --node, or name the authority of its certificate in NODE_EXTRA_CA_CERTS.`,
      options,
    )
  }
  return new NodeCallError(
    'node-unreachable',
    `No node answers at ${node}. Start it with "stockmesh start", or name another with --node.`,
    options,
  )
}

export function notANode(node: string, options?: ErrorOptions): NodeCallError {
  return new NodeCallError(
    'answer-invalid',
    `What answers at ${node} is not a node of this release. Correct --node, or restart the node.`,
    options,
  )
}

/** The node is away for a moment: the same call may succeed later. */
export function isPassing(error: unknown): boolean {
  const codes = ['node-unreachable', 'node-silent', 'node-cut', 'node-failed', 'node-restarting', 'storage-failed']
  return error instanceof NodeCallError && codes.includes(error.code)
}

/** The connection was there and ended before the answer was whole. */
export function isCut(error: unknown): boolean {
  const { code } = causeOf(error)
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'].includes(code)
}

/** What `fetch` hides behind "fetch failed" and "terminated". */
function causeOf(error: unknown): { readonly name: string; readonly code: string; readonly message: string } {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const { name, code, message } = (cause ?? {}) as Readonly<Record<string, unknown>>
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return { name: text(name), code: text(code), message: text(message) }
}
