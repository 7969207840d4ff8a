/**
 * Signed-in browsers. The cookie holds 256 random bits; the node keeps only their hash, in RAM and in the database,
 * so that a restart signs nobody out and a copy of the database signs nobody in.
 */
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { sessionIdleMsMax, sessionsMax, sessionTouchMs } from './limits.ts'
import { hashSecret, makeSecret } from './secret.ts'

interface StoredSession {
  readonly hash: string
  readonly usedAt: number
}

interface Session {
  usedAt: number
  /** A session of the demo lives in RAM only: the next request makes another one. */
  readonly kept: boolean
}

export interface SessionsOptions {
  readonly storage: Storage
  readonly table: number
  readonly clock: Clock
}

export async function openSessions(options: SessionsOptions): Promise<Sessions> {
  const sessions = new Map<string, Session>()
  for await (const [, value] of options.storage.scan(prefixRange(options.table, 'session'))) {
    const { hash, usedAt } = decodeJson<StoredSession>(value)
    sessions.set(hash, { usedAt, kept: true })
  }
  return new Sessions(options, sessions)
}

export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions: Map<string, Session>

  constructor(options: SessionsOptions, sessions: Map<string, Session>) {
    this.#options = options
    this.#sessions = sessions
  }

  /** A new session's id, for the cookie; durable before it is told unless `kept` is false. */
  async open(kept: boolean): Promise<string> {
    const id = makeSecret(32)
    const hash = hashOf(id)
    const usedAt = this.#options.clock.now()
    if (kept)
      await this.#options.storage.write([put(this.#key(hash), encodeJson({ hash, usedAt } satisfies StoredSession))])
    this.#sessions.set(hash, { usedAt, kept })
    await this.#makeRoom()
    return id
  }

  has(id: string): boolean {
    const session = this.#sessions.get(hashOf(id))
    return session !== undefined && this.#options.clock.now() - session.usedAt < sessionIdleMsMax
  }

  /** Notes that the session is in use; written at most once an hour. */
  async touch(id: string): Promise<void> {
    const hash = hashOf(id)
    const session = this.#sessions.get(hash)
    const now = this.#options.clock.now()
    if (session === undefined || now - session.usedAt < sessionTouchMs) return
    session.usedAt = now
    if (session.kept)
      await this.#options.storage.write([
        put(this.#key(hash), encodeJson({ hash, usedAt: now } satisfies StoredSession)),
      ])
  }

  async close(id: string): Promise<void> {
    const hash = hashOf(id)
    this.#sessions.delete(hash)
    await this.#options.storage.write([del(this.#key(hash))])
  }

  /** `id`: the one that stays; null: none does. */
  async closeAllBut(id: string | null): Promise<void> {
    const kept = id === null ? null : hashOf(id)
    const gone = [...this.#sessions.keys()].filter((hash) => hash !== kept)
    for (const hash of gone) this.#sessions.delete(hash)
    if (gone.length > 0) await this.#options.storage.write(gone.map((hash) => del(this.#key(hash))))
  }

  async #makeRoom(): Promise<void> {
    const now = this.#options.clock.now()
    const byUse = [...this.#sessions].toSorted(([, left], [, right]) => right.usedAt - left.usedAt)
    const gone = byUse.filter(([, session], index) => index >= sessionsMax || now - session.usedAt >= sessionIdleMsMax)
    for (const [hash] of gone) this.#sessions.delete(hash)
    if (gone.length > 0) await this.#options.storage.write(gone.map(([hash]) => del(this.#key(hash))))
  }

  #key(hash: string): Uint8Array {
    return encodeKey(this.#options.table, 'session', hash)
  }
}

function hashOf(id: string): string {
  return hashSecret(id).toString('base64url')
}
