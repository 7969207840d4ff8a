/**
 * Join requests as rows of the database: JSON with bytes in hex. Rows are ours and carry a checksum, so one that
 * does not parse is a bug or a downgrade, and throws.
 */
import { Buffer } from 'node:buffer'
import type { HeldJoinRequest, OwnJoinRequest } from '@stockmesh/protocol'
import { z } from 'zod'

/** The joiner's request with what only this node needs to know. */
export interface OutgoingRow {
  readonly request: OwnJoinRequest
  /** What the merchant typed. */
  readonly address: string
  /** Where the other node was found. */
  readonly url: string
  readonly importWhenAccepted: boolean
}

const hex = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'hex')))
const common = { id: z.string(), code: z.string().nullable(), at: z.number() }

const heldSchema = z.object({
  ...common,
  joinerKey: hex,
  url: z.string(),
  name: z.string(),
  commitment: hex,
  nonce: hex,
  state: z.enum(['held', 'seen', 'accepted', 'refused', 'expired']),
})

const outgoingSchema = z.object({
  request: z.object({
    ...common,
    memberKey: hex,
    ownUrl: z.string(),
    ownName: z.string(),
    nonce: hex,
    state: z.enum(['sent', 'seen', 'accepted', 'refused', 'expired']),
    error: z.string().nullable(),
    errorCode: z.string().nullable().default(null),
  }),
  address: z.string(),
  url: z.string(),
  importWhenAccepted: z.boolean(),
})

export function encodeJoinRow(row: HeldJoinRequest | OutgoingRow): Uint8Array {
  const text = JSON.stringify(row, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
  return new TextEncoder().encode(text)
}

export function decodeHeldRow(bytes: Uint8Array): HeldJoinRequest {
  return heldSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

export function decodeOutgoingRow(bytes: Uint8Array): OutgoingRow {
  return outgoingSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}
