/**
 * The network document, as a member writes it who has no good will: updates that Yjs wrote, changed, spliced and sent in
 * any order. It takes them or says that they are malformed, never throws, and what it keeps is read again at a start.
 */
import { limits, type NetworkId, type ShopId } from '@stockmesh/protocol'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { type NetworkDocument, openNetworkDocument } from '../../packages/node/src/network/network-document.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import type { SeededRandom } from '../protocol/random.ts'
import { mutate } from './mutation.ts'
import { Finding, type Target } from './target.ts'

/** Enough for its rows to be put together into one several times. */
const triesPerRound = 1_000
const corpusMax = 500
const network = 'ab'.repeat(32) as NetworkId
const self = 'a'.repeat(26) as ShopId
const codes = new Set(['malformed', 'document-update-too-large', 'document-too-large'])

export function openDocumentTarget(first: SeededRandom): Target {
  const corpus = soundUpdates(first)
  return {
    /** Each round is the life of a document, with its end and a start after it. */
    async round(random) {
      const storage = new MemoryStorage()
      const sent: string[] = []
      try {
        await tryDocument(storage, corpus, sent, random)
        await using again = await openNetworkDocument(storage, 1, network, self)
        look(again)
      } catch (error) {
        throw new Finding(`after ${sent.length} messages, the last ${sent.slice(-3).join(' ')}`, { cause: error })
      }
      return triesPerRound
    },
    end: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function tryDocument(
  storage: MemoryStorage,
  corpus: Uint8Array[],
  sent: string[],
  random: SeededRandom,
): Promise<void> {
  await using document = await openNetworkDocument(storage, 1, network, self)
  const answers: Uint8Array[] = []
  const peer = { sendDocument: (bytes: Uint8Array) => void answers.push(bytes) }
  document.attach(peer)
  document.attach({ sendDocument: () => undefined })
  for (let index = 0; index < triesPerRound; index += 1) {
    if (random.chance(0.1)) writeOver(document, random)
    const update = random.chance(0.1) ? random.pick(corpus) : mutate(random.pick(corpus), random.pick(corpus), random)
    const bytes = messageOf(update, random)
    sent.push(Buffer.from(bytes).toString('hex'))
    const received = document.receive(peer, bytes)
    if (!received.ok && !codes.has(received.code)) throw new Error(`the code is ${received.code}`)
    if (received.ok && corpus.length < corpusMax) corpus.push(update)
    look(document)
  }
  await document.flush()
  // What is told to another one is told after it was written.
  await new Promise((resolve) => setImmediate(resolve))
}

/** The node's own changes, to the same names. */
function writeOver(document: NetworkDocument, random: SeededRandom): void {
  const bytes = Uint8Array.of(random.below(256))
  switch (random.below(5)) {
    case 0:
      return document.append({ at: 1, kind: 'joined' })
    case 1:
      return document.putProfile(bytes)
    case 2:
      return document.putSetting(`n${random.below(7)}`, { value: 1 })
    case 3:
      return document.putProof(`n${random.below(9)}`, { code: 'fork', shop: self, by: self, about: 'a' })
    default:
      return document.putRecords([bytes])
  }
}

function look(document: NetworkDocument): void {
  document.list()
  document.proofs()
  document.records()
  document.settingNames()
}

function messageOf(update: Uint8Array, random: SeededRandom): Uint8Array {
  const encoder = encoding.createEncoder()
  const type = random.pick([sync.messageYjsUpdate, sync.messageYjsUpdate, sync.messageYjsSyncStep2])
  encoding.writeVarUint(encoder, random.chance(0.05) ? sync.messageYjsSyncStep1 : type)
  encoding.writeVarUint8Array(encoder, update)
  return encoding.toUint8Array(encoder)
}

/** What a member writes in good faith: a few of each kind, with replacements and deletions. */
function soundUpdates(random: SeededRandom): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = 1 + random.below(2 ** 20)
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  for (let index = 0; index < 20; index += 1) {
    const name = `n${index % 7}`
    doc.getMap<unknown>('records').set(name, new Uint8Array(20).fill(index))
    doc.getMap<unknown>('profiles').set(self, new Uint8Array(20).fill(index))
    doc.getMap<unknown>('settings').set(name, { value: index, by: self, stamp: index })
    doc.getMap<unknown>('proofs').set(name, { code: 'fork', shop: self, by: self, about: name })
    doc.getArray<unknown>('events').push([{ at: index, member: self, kind: 'joined' }])
    if (index % 5 === 4) doc.getArray('events').delete(random.below(3), 2)
  }
  updates.push(Y.encodeStateAsUpdate(doc), Y.mergeUpdates(updates.slice(3, 30)))
  doc.destroy()
  if (updates.some(({ length }) => length > limits.documentUpdateBytesMax)) throw new Error('These are sound.')
  return updates
}
