/**
 * The network document: the same at every start, small on disk, and unharmed by whatever a peer sends.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limits, type NetworkId, type ShopId } from '@stockmesh/protocol'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NetworkDocument, openNetworkDocument } from '../../packages/node/src/network/network-document.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import { prefixRange } from '../../packages/node/src/storage/key.ts'
import { eventually } from './small-node.ts'

const network = 'ab'.repeat(32) as NetworkId
const dk = 'a'.repeat(26) as ShopId
const se = 'b'.repeat(26) as ShopId
let directory: string
let database: Database

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-document-'))
  database = await openDatabase(directory)
})

afterEach(async () => {
  await database[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const open = (table = 1, self = dk): Promise<NetworkDocument> => openNetworkDocument(database, table, network, self)
const kinds = (document: NetworkDocument): string[] => document.list().map((event) => event.kind)

async function rows(): Promise<number> {
  let count = 0
  for await (const entry of database.scan(prefixRange(1))) if (entry.length > 0) count += 1
  return count
}

function updateMessage(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  sync.writeUpdate(encoder, update)
  return encoding.toUint8Array(encoder)
}

/** Clocks of one client that Yjs adds up beyond what a number holds. */
function beyondNumbers(): Uint8Array {
  const [client, gone, structs] = [5, 0, 40]
  const encoder = encoding.createEncoder()
  for (const each of [1, structs, client, 0]) encoding.writeVarUint(encoder, each)
  for (let struct = 0; struct < structs; struct += 1) {
    encoding.writeUint8(encoder, gone)
    encoding.writeVarUint(encoder, Number.MAX_SAFE_INTEGER)
  }
  encoding.writeVarUint(encoder, 0)
  return encoding.toUint8Array(encoder)
}

/** Connects two documents; messages go through at once. */
function wire(a: NetworkDocument, b: NetworkDocument): string[] {
  const codes: string[] = []
  const queue: (() => void)[] = []
  const toA = { sendDocument: (bytes: Uint8Array) => void queue.push(() => take(b.receive(toB, bytes))) }
  const toB = { sendDocument: (bytes: Uint8Array) => void queue.push(() => take(a.receive(toA, bytes))) }
  const take = (result: { ok: boolean; code?: string }): void => {
    if (!result.ok) codes.push(result.code ?? '')
  }
  const pump = setInterval(() => {
    for (const deliver of queue.splice(0)) deliver()
  }, 1)
  pump.unref()
  a.attach(toA)
  b.attach(toB)
  return codes
}

/** A value of a map that takes no room in the history of its writer, so that it cannot be taken out again. */
function valueOfNoLength(map: string, name: string): Uint8Array {
  const [client, any, hasName] = [5, 8, 0x20]
  const encoder = encoding.createEncoder()
  for (const each of [1, 1, client, 0]) encoding.writeVarUint(encoder, each)
  encoding.writeUint8(encoder, any | hasName)
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarString(encoder, map)
  encoding.writeVarString(encoder, name)
  for (const each of [0, 0]) encoding.writeVarUint(encoder, each)
  return encoding.toUint8Array(encoder)
}

/** So much is taken out of the history of a writer, from a place on. */
function deletionOf(client: number, clock: number, length: number): Uint8Array {
  const encoder = encoding.createEncoder()
  for (const each of [0, 1, client, 1, clock, length]) encoding.writeVarUint(encoder, each)
  return encoding.toUint8Array(encoder)
}

/** A value that stands behind another one of its own writer, by their places in that one's history. */
function valueBehind(client: number, clock: number, before: number): Uint8Array {
  const [any, hasOrigin] = [8, 0x80]
  const encoder = encoding.createEncoder()
  for (const each of [1, 1, client, clock]) encoding.writeVarUint(encoder, each)
  encoding.writeUint8(encoder, any | hasOrigin)
  for (const each of [client, before, 1]) encoding.writeVarUint(encoder, each)
  encoding.writeAny(encoder, 1)
  encoding.writeVarUint(encoder, 0)
  return encoding.toUint8Array(encoder)
}

/** Something gone, of a length, in what nobody has. */
function goneInTheUnknown(client: number, clock: number, length: number): Uint8Array {
  const [gone, ofAnItem, nobody] = [1, 0, 99]
  const encoder = encoding.createEncoder()
  for (const each of [1, 1, client, clock, gone, ofAnItem, nobody, 5, length, 0]) encoding.writeVarUint(encoder, each)
  return encoding.toUint8Array(encoder)
}

describe('the network document', () => {
  it('is the same after a restart, in a bounded number of rows', async () => {
    const first = await open()
    for (let index = 0; index < 450; index += 1) first.append({ at: index, kind: `event-${index}` })
    first.putRecords([new Uint8Array([1, 2, 3])])
    await first.flush()
    expect(await rows()).toBeLessThanOrEqual(limits.documentRowsMax + 1)
    const state = Y.encodeStateAsUpdate(first.doc)
    await first[Symbol.asyncDispose]()
    const second = await open()
    expect(Y.encodeStateAsUpdate(second.doc)).toEqual(state)
    expect(second.list()).toHaveLength(450)
    expect([...second.records().values()]).toEqual([new Uint8Array([1, 2, 3])])
    for (let index = 0; index < 450; index += 1) second.append({ at: index, kind: 'more' })
    await second.flush()
    expect(await rows()).toBeLessThanOrEqual(limits.documentRowsMax + 1)
  })

  it('brings two nodes to the same state, before and after they are connected', async () => {
    const [a, b] = [await open(1, dk), await open(2, se)]
    a.append({ at: 1, kind: 'early-a' })
    b.append({ at: 2, kind: 'early-b' })
    const codes = wire(a, b)
    a.append({ at: 3, kind: 'late-a' })
    await eventually(() => kinds(a).length === 3 && kinds(b).length === 3, 'both have all events')
    expect(kinds(a)).toEqual(kinds(b))
    expect(b.list().map((event) => event.member)).toEqual([dk, se, dk])
    expect(codes).toEqual([])
  })

  it('sends what is larger than a frame in pieces', async () => {
    const [a, b] = [await open(1, dk), await open(2, se)]
    const big = 'x'.repeat(700_000)
    for (const client of [1, 2, 3]) {
      const other = new Y.Doc()
      other.clientID = client
      other.getMap('settings').set(`big-${client}`, big)
      expect(a.receive({ sendDocument: () => undefined }, updateMessage(Y.encodeStateAsUpdate(other))).ok).toBe(true)
    }
    const codes = wire(a, b)
    await eventually(() => b.doc.getMap('settings').size === 3, 'all settings arrive')
    expect(codes).toEqual([])
  })

  it('keeps a thousand events, and an author trims only its own', async () => {
    const [a, b] = [await open(1, dk), await open(2, se)]
    b.append({ at: 0, kind: 'of-b' })
    wire(a, b)
    await eventually(() => kinds(a).includes('of-b'), 'A has the event of B')
    for (let index = 1; index <= 1_050; index += 1) a.append({ at: index, kind: 'of-a' })
    expect(a.list()).toHaveLength(limits.documentEventsMax)
    expect(kinds(a)[0]).toBe('of-b')
    expect(a.list()[1]?.at).toBe(52)
  })

  it('is unharmed by bytes that cannot be read, wherever they break', async () => {
    const document = await open()
    document.append({ at: 1, kind: 'mine' })
    const other = new Y.Doc()
    other.getMap('settings').set('half', 'applied')
    other.getArray('events').push([{ at: 2, member: se, kind: 'theirs' }])
    other.getMap('records').set('x', new Uint8Array(40))
    const update = Y.encodeStateAsUpdate(other)
    const before = Y.encodeStateAsUpdate(document.doc)
    const peer = { sendDocument: () => undefined }
    for (let length = 0; length < update.length; length += 1) {
      const result = document.receive(peer, updateMessage(update.slice(0, length)))
      expect(result.ok).toBe(false)
      expect(Y.encodeStateAsUpdate(document.doc)).toEqual(before)
    }
    for (const bytes of [[], [9, 0], [0, 3, 255, 255, 255], [1], [2, 250, 1]]) {
      expect(document.receive(peer, new Uint8Array(bytes)).ok).toBe(false)
    }
    expect(document.receive(peer, updateMessage(update)).ok).toBe(true)
    expect(kinds(document)).toEqual(['mine', 'theirs'])
  })

  it('refuses clocks that nobody could read', async () => {
    const document = await open()
    document.append({ at: 1, kind: 'mine' })
    const before = Y.encodeStateAsUpdate(document.doc)
    const answer = document.receive({ sendDocument: () => undefined }, updateMessage(beyondNumbers()))
    expect(answer).toMatchObject({ code: 'malformed' })
    expect(Y.encodeStateAsUpdate(document.doc)).toEqual(before)
    const other = await open(2, se)
    const codes = wire(document, other)
    await eventually(() => codes.length > 0 || kinds(other).length === 1, 'the other has the event')
    expect(codes).toEqual([])
  })

  it('refuses what has no length, or whose length cannot be told, so that it can always write over what stands there', async () => {
    const document = await open()
    const before = Y.encodeStateAsUpdate(document.doc)
    const peer = { sendDocument: () => undefined }
    const beyond = deletionOf(7, Number.MAX_SAFE_INTEGER, 3)
    for (const update of [valueOfNoLength('profiles', dk), deletionOf(7, 0, 0), deletionOf(7, 9, 0), beyond]) {
      expect(document.receive(peer, updateMessage(update))).toMatchObject({ code: 'malformed' })
      expect(Y.encodeStateAsUpdate(document.doc)).toEqual(before)
    }
    const profile = new Uint8Array([1, 2, 3])
    document.putProfile(profile)
    const other = await open(2, se)
    const codes = wire(document, other)
    await eventually(() => codes.length > 0 || other.profile(dk) !== null, 'the other has the profile')
    expect(codes).toEqual([])
    expect(other.profile(dk)).toEqual(profile)
  })

  it('refuses what stands behind what its writer never wrote, also while sound things wait for others', async () => {
    const document = await open()
    const asked: Uint8Array[] = []
    const honest = { sendDocument: (bytes: Uint8Array) => void asked.push(bytes) }
    document.attach(honest)
    const other = new Y.Doc()
    const parts: Uint8Array[] = []
    other.on('update', (part: Uint8Array) => void parts.push(part))
    for (const at of [1, 2, 3]) other.getArray('events').push([{ at, member: se, kind: `event-${at}` }])
    const [first, second, third] = parts.map(updateMessage)
    if (first === undefined || second === undefined || third === undefined) throw new Error('There are three.')
    expect(document.receive(honest, first).ok).toBe(true)
    expect(document.receive(honest, third).ok).toBe(true)
    asked.length = 0
    document.receive(honest, updateMessage(goneInTheUnknown(other.clientID, 0, 60)))
    const before = Y.encodeStateAsUpdate(document.doc)
    const hostile = { sendDocument: () => undefined }
    for (let time = 0; time < 3; time += 1) {
      const message = updateMessage(valueBehind(other.clientID, 0, 50))
      expect(document.receive(hostile, message)).toMatchObject({ code: 'malformed' })
      expect(Y.encodeStateAsUpdate(document.doc)).toEqual(before)
    }
    // What waited is asked for again.
    expect(asked).toHaveLength(3)
    for (const message of [third, second]) expect(document.receive(honest, message).ok).toBe(true)
    expect(kinds(document)).toEqual(['event-1', 'event-2', 'event-3'])
  })

  it('refuses what is too large, and keeps what it had', async () => {
    const document = await open()
    const peer = { sendDocument: () => undefined }
    const update = (name: string, size: number): Uint8Array => {
      const other = new Y.Doc()
      other.getMap('settings').set(name, new Uint8Array(size))
      return updateMessage(Y.encodeStateAsUpdate(other))
    }
    expect(document.receive(peer, update('huge', limits.documentUpdateBytesMax))).toMatchObject({
      code: 'document-update-too-large',
    })
    let code = ''
    for (let index = 0; index < 20 && code === ''; index += 1) {
      const result = document.receive(peer, update(`large-${index}`, 1_000_000))
      if (!result.ok) code = result.code
    }
    expect(code).toBe('document-too-large')
    expect(document.doc.getMap('settings').size).toBe(16)
    document.append({ at: 1, kind: 'mine' })
    expect(kinds(document)).toEqual(['mine'])
  })

  it('shows only events that are events', async () => {
    const document = await open()
    const peer = { sendDocument: () => undefined }
    const other = new Y.Doc()
    other
      .getArray('events')
      .push([1, 'text', null, { at: 'x', member: se, kind: 'k' }, { at: 5, member: se, kind: 'ok' }])
    other.getArray('events').push([{ at: 6, member: se, kind: 'long', text: 'x'.repeat(2_000) }])
    document.receive(peer, updateMessage(Y.encodeStateAsUpdate(other)))
    expect(kinds(document)).toEqual(['ok'])
  })
})
