/**
 * What was done over the interface, and by whom: durable before it is done, so that no act is without its line, and
 * completed with what became of it. A line without a result was begun when the node ended. Never a secret: of a body
 * only the names of what was changed, or one of a few fields that name a thing.
 */
import type { AdminActItem, List } from '@stockmesh/protocol'
import type { Request } from 'express'
import { Lane } from '../lane.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, lastNumber, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import type { Caller } from './access.ts'
import type { Clock } from './clock.ts'
import { actsKeptMs, actsMax, failedSignInsNotedMax, subjectCharactersMax } from './limits.ts'
import { ApiFailure, type PageQuery } from './node-api.ts'

interface StoredAct extends Omit<AdminActItem, 'id' | 'at' | 'address'> {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Not in lines of earlier releases. */
  readonly address?: string | null
}

interface Act {
  /** null: nobody who had signed in. */
  readonly caller: Caller | null
  /** Where the call came from; '' if the connection was gone by then. */
  readonly address: string
  /** As it stands in the table: `POST /members/:id/undo`. */
  readonly call: string
  readonly subject: string | null
}

export interface AdminLogOptions {
  readonly storage: Storage
  /** The table byte of the HTTP interface. */
  readonly table: number
  readonly clock: Clock
}

/** Lines that are too old or too many go a few at a time, each time one is added. */
const sweptAtOnceMax = 10
const dayMs = 24 * 3_600_000

export async function openAdminLog(options: AdminLogOptions): Promise<AdminLog> {
  const all = prefixRange(options.table, 'act')
  const numberAt = async (reverse: boolean): Promise<number | null> => {
    for await (const [key] of options.storage.scan({ ...all, reverse, limit: 1 })) return lastNumber(key)
    return null
  }
  const first = await numberAt(false)
  const last = await numberAt(true)
  return new AdminLog(options, first ?? 1, last === null ? 1 : last + 1)
}

export class AdminLog {
  readonly #options: AdminLogOptions
  #first: number
  #next: number
  #failures = { day: 0, count: 0 }
  /** One at a time, so that no line is swept twice. */
  readonly #turns = new Lane()

  constructor(options: AdminLogOptions, first: number, next: number) {
    this.#options = options
    this.#first = first
    this.#next = next
  }

  /** The line is durable before `work` begins; `subject` may be told better afterwards. */
  async during<T>(act: Act, work: () => Promise<T> | T, subject: () => string | null): Promise<T> {
    const at = this.#options.clock.now()
    const number = await this.#add(act, at, null)
    try {
      const answer = await work()
      await this.#complete(number, this.#encode({ ...act, subject: subject() ?? act.subject }, at, 'done'))
      return answer
    } catch (error) {
      await this.#complete(number, this.#encode(act, at, resultOf(error)))
      throw error
    }
  }

  /** For signing in and out, which has happened. Of failures only so many a day, or guesses would push out the rest. */
  async after(act: Act, error: unknown = null): Promise<void> {
    if (error !== null && !this.#mayNoteFailure()) return
    await this.#add(act, this.#options.clock.now(), error === null ? 'done' : resultOf(error))
  }

  /** The newest first. Error: 400 `cursor-invalid`. */
  async page({ after, limit }: PageQuery): Promise<List<AdminActItem>> {
    const { storage, table } = this.#options
    const all = prefixRange(table, 'act')
    const range = after === null ? all : { gte: all.gte, lt: this.#key(numberOf(after)) }
    const items: AdminActItem[] = []
    for await (const [key, value] of storage.scan({ ...range, reverse: true, limit: limit + 1 })) {
      const act = decodeJson<StoredAct>(value)
      const { address = null } = act
      items.push({ ...act, address, id: String(lastNumber(key)), at: new Date(act.at).toISOString() })
    }
    const shown = items.slice(0, limit)
    const next = items.length > limit ? (shown.at(-1)?.id ?? null) : null
    return { items: shown, next, total: this.#next - this.#first }
  }

  #add(act: Act, at: number, result: string | null): Promise<number> {
    return this.#turns.run(async () => {
      const number = this.#next
      this.#next += 1
      const gone = await this.#outlived()
      this.#first += gone.length
      const line = put(this.#key(number), this.#encode(act, at, result))
      await this.#options.storage.write([line, ...gone.map((key) => del(key))])
      return number
    })
  }

  /** What was done is done, whether or not its line can say so. */
  async #complete(number: number, line: Uint8Array): Promise<void> {
    await this.#options.storage.write([put(this.#key(number), line)]).catch(() => undefined)
  }

  async #outlived(): Promise<readonly Uint8Array[]> {
    const { storage, table, clock } = this.#options
    const gone: Uint8Array[] = []
    for await (const [key, value] of storage.scan({ ...prefixRange(table, 'act'), limit: sweptAtOnceMax })) {
      const isOld = clock.now() - decodeJson<StoredAct>(value).at >= actsKeptMs
      const isTooMany = this.#next - lastNumber(key) > actsMax
      if (!isOld && !isTooMany) break
      gone.push(key)
    }
    return gone
  }

  #mayNoteFailure(): boolean {
    const day = Math.floor(this.#options.clock.now() / dayMs)
    if (this.#failures.day !== day) this.#failures = { day, count: 0 }
    this.#failures.count += 1
    return this.#failures.count <= failedSignInsNotedMax
  }

  #encode({ caller, address, call, subject }: Act, at: number, result: string | null): Uint8Array {
    const by = caller?.kind ?? 'nobody'
    const from = address === '' ? null : address
    return encodeJson({ at, by, name: caller?.name ?? null, address: from, call, subject, result } satisfies StoredAct)
  }

  #key(number: number): Uint8Array {
    return encodeKey(this.#options.table, 'act', number)
  }
}

/** Fields of a body that name a thing, and are no secret in any call. */
const namingFields = ['name', 'role', 'address', 'platform', 'quantity', 'since', 'differences'] as const

/** What a call is about, in few words, before anything of it has been looked at. */
export function subjectOf(request: Request): string | null {
  const parts = Object.values(request.params).filter((part) => typeof part === 'string')
  const body: unknown = request.body
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : []
  const said =
    request.method === 'PATCH'
      ? fields.map(([name]) => name)
      : fields
          .filter(
            ([name, value]) => namingFields.some((one) => one === name) && ['string', 'number'].includes(typeof value),
          )
          .map(([, value]) => String(value))
  const text = [...parts, ...said].join(', ').slice(0, subjectCharactersMax)
  return text === '' ? null : text
}

function resultOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'internal'
}

function numberOf(cursor: string): number {
  const number = Number(cursor)
  if (/^\d{1,15}$/.test(cursor)) return number
  throw new ApiFailure(400, 'cursor-invalid', 'The cursor in "after" is not one of this list. Begin without it.')
}
