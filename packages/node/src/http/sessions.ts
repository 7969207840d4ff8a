/**
 * Signed-in browsers. The cookie holds 256 random bits; the node keeps only their hash, in RAM and in the database,
 * so that a restart signs nobody out and a copy of the database signs nobody in.
 */
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { sessionIdleMsMax, sessionsMax, sessionTouchMs } from './limits.ts'
import { hashSecret, makeSecret } from './secret.ts'

export type Role = 'admin' | 'viewer'

interface StoredSession {
  readonly hash: string
  readonly usedAt: number
  /** Absent: written before there were viewers. */
  readonly role?: Role
}

interface Session {
  usedAt: number
  readonly role: Role
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
    const { hash, usedAt, role = 'admin' } = decodeJson<StoredSession>(value)
    sessions.set(hash, { usedAt, role, kept: true })
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
  async open(role: Role, kept: boolean): Promise<string> {
    const id = makeSecret(32)
    const hash = hashOf(id)
    const usedAt = this.#options.clock.now()
    if (kept) await this.#options.storage.write([this.#row({ hash, usedAt, role })])
    this.#sessions.set(hash, { usedAt, role, kept })
    await this.#makeRoom()
    return id
  }

  /** Whose session it is; null where there is none, or none that was used lately. */
  role(id: string): Role | null {
    const session = this.#sessions.get(hashOf(id))
    if (session === undefined || this.#options.clock.now() - session.usedAt >= sessionIdleMsMax) return null
    return session.role
  }

  /** Notes that the session is in use; written at most once an hour. */
  async touch(id: string): Promise<void> {
    const hash = hashOf(id)
    const session = this.#sessions.get(hash)
    const now = this.#options.clock.now()
    if (session === undefined || now - session.usedAt < sessionTouchMs) return
    session.usedAt = now
    if (session.kept) await this.#options.storage.write([this.#row({ hash, usedAt: now, role: session.role })])
  }

  async close(id: string): Promise<void> {
    const hash = hashOf(id)
    this.#sessions.delete(hash)
    await this.#options.storage.write([del(this.#key(hash))])
  }

  /** `id`: the one that stays; null: none does. */
  async closeAllBut(id: string | null): Promise<void> {
    const kept = id === null ? null : hashOf(id)
    await this.#drop([...this.#sessions.keys()].filter((hash) => hash !== kept))
  }

  async closeAllOf(role: Role): Promise<void> {
    await this.#drop([...this.#sessions].filter(([, session]) => session.role === role).map(([hash]) => hash))
  }

  async #makeRoom(): Promise<void> {
    const now = this.#options.clock.now()
    const byUse = [...this.#sessions].toSorted(([, left], [, right]) => right.usedAt - left.usedAt)
    const gone = byUse.filter(([, session], index) => index >= sessionsMax || now - session.usedAt >= sessionIdleMsMax)
    await this.#drop(gone.map(([hash]) => hash))
  }

  async #drop(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) this.#sessions.delete(hash)
    if (hashes.length > 0) await this.#options.storage.write(hashes.map((hash) => del(this.#key(hash))))
  }

  #row(session: Required<StoredSession>): Operation {
    return put(this.#key(session.hash), encodeJson(session))
  }

  #key(hash: string): Uint8Array {
    return encodeKey(this.#options.table, 'session', hash)
  }
}

function hashOf(id: string): string {
  return hashSecret(id).toString('base64url')
}
