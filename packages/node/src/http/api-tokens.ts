/**
 * Tokens of programs that call the interface: made by a person, told once, and kept as hashes. Each has a name, so that
 * one of them can be revoked without the others, and a role.
 */
import type { ApiTokenItem, MadeApiToken } from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { apiTokensMax, apiTokenTouchMs } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { hashSecret, makeSecret } from './secret.ts'
import type { Role } from './sessions.ts'

interface StoredToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** SHA-256 in base64url: the token is random itself, so nothing slower is needed. */
  readonly hash: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
  readonly usedAt: number | null
}

interface HeldToken {
  readonly stored: StoredToken
  /** Newer than what is stored, by less than `apiTokenTouchMs`. */
  usedAt: number | null
}

export interface ApiTokensOptions {
  readonly storage: Storage
  /** The table byte of the HTTP interface. */
  readonly table: number
  readonly clock: Clock
}

export async function openApiTokens(options: ApiTokensOptions): Promise<ApiTokens> {
  const held = new Map<string, HeldToken>()
  for await (const [, value] of options.storage.scan(prefixRange(options.table, 'token'))) {
    const stored = decodeJson<StoredToken>(value)
    held.set(stored.hash, { stored, usedAt: stored.usedAt })
  }
  return new ApiTokens(options, held)
}

export class ApiTokens {
  readonly #options: ApiTokensOptions
  /** By hash. */
  readonly #held: Map<string, HeldToken>
  readonly #turns = new Lane()

  constructor(options: ApiTokensOptions, held: Map<string, HeldToken>) {
    this.#options = options
    this.#held = held
  }

  /** The oldest first. */
  get items(): readonly ApiTokenItem[] {
    const inOrder = [...this.#held.values()].toSorted((one, other) => one.stored.madeAt - other.stored.madeAt)
    return inOrder.map(itemOf)
  }

  /** Durable before it is told, and told only now. Errors: 409 `token-name-taken`, 409 `too-many-tokens`. */
  make(name: string, role: Role): Promise<MadeApiToken> {
    return this.#turns.run(async () => {
      const others = [...this.#held.values()]
      if (others.some(({ stored }) => stored.name === name)) {
        throw new ApiFailure(409, 'token-name-taken', 'Another token has this name. Choose one that tells them apart.')
      }
      if (others.length >= apiTokensMax) {
        const message = `There are ${apiTokensMax} tokens. Revoke one that is not used any more.`
        throw new ApiFailure(409, 'too-many-tokens', message, { max: apiTokensMax })
      }
      const token = `stockmesh_${makeSecret(32)}`
      const madeAt = this.#options.clock.now()
      const stored = { id: makeSecret(16), name, role, hash: hashOf(token), madeAt, usedAt: null }
      await this.#options.storage.write([this.#row(stored)])
      const held = { stored, usedAt: null }
      this.#held.set(stored.hash, held)
      return { ...itemOf(held), token }
    })
  }

  /** Resolves when nobody can use it any more, not after a restart either. Error: 404 `token-unknown`. */
  revoke(id: string): Promise<ApiTokenItem> {
    return this.#turns.run(async () => {
      const held = [...this.#held.values()].find(({ stored }) => stored.id === id)
      if (held === undefined) {
        throw new ApiFailure(404, 'token-unknown', 'There is no such token, or it was revoked already.')
      }
      this.#held.delete(held.stored.hash)
      await this.#options.storage.write([del(this.#key(id))])
      return itemOf(held)
    })
  }

  /** Whose token this is, and notes that it is in use; null for one that is none. */
  find(token: string): { readonly name: string; readonly role: Role } | null {
    // The map is asked for a hash, so the time that it takes says nothing about a token.
    const held = this.#held.get(hashOf(token))
    if (held === undefined) return null
    this.#note(held)
    return held.stored
  }

  #note(held: HeldToken): void {
    const now = this.#options.clock.now()
    const isFresh = held.usedAt !== null && now - held.usedAt < apiTokenTouchMs
    if (isFresh) return
    held.usedAt = now
    // Nobody waits for it: a time of last use that is lost is a minute of no consequence.
    void this.#turns
      .run(async () => {
        if (this.#held.get(held.stored.hash) !== held) return
        await this.#options.storage.write([this.#row({ ...held.stored, usedAt: now })])
      })
      .catch(() => undefined)
  }

  #row(token: StoredToken): Operation {
    return put(this.#key(token.id), encodeJson(token))
  }

  #key(id: string): Uint8Array {
    return encodeKey(this.#options.table, 'token', id)
  }
}

function itemOf({ stored: { id, name, role, madeAt }, usedAt }: HeldToken): ApiTokenItem {
  return { id, name, role, createdAt: timeOf(madeAt), usedAt: usedAt === null ? null : timeOf(usedAt) }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

function hashOf(token: string): string {
  return hashSecret(token).toString('base64url')
}
