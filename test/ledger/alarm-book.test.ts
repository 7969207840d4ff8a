/**
 * Alarms of replication and what was put aside: durable, each once, and gone from the list only by a person.
 */
import { ridOf, type ShopId, shopIdOfKey } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { AlarmBook } from '../../packages/node/src/node/alarm-book.ts'
import { AlarmLog, repeatedAlarmMs } from '../../packages/node/src/node/alarm-log.ts'
import { Dismissals } from '../../packages/node/src/node/dismissals.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { problemId, problemOf } from '../../packages/node/src/views/problem.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const peer = shopIdOfKey(new Uint8Array(32).fill(2))
const rid = ridOf(self, new Uint8Array(8).fill(3))

async function load(storage: MemoryStorage): Promise<{ ledger: Ledger; alarms: AlarmBook; dismissals: Dismissals }> {
  const ledger = await Ledger.open(storage, systemClock, systemRandom, self, anySeal)
  const [alarms, dismissals] = [new AlarmBook(ledger, systemClock), new Dismissals(ledger)]
  await alarms.load(storage)
  await dismissals.load(storage)
  return { ledger, alarms, dismissals }
}

test('an alarm is kept over a restart, once, however often it is raised', async () => {
  const storage = new MemoryStorage()
  const before = await load(storage)
  for (let times = 0; times < 3; times += 1) before.alarms.note({ code: 'rolled-back', peer, shop: self, about: rid })
  before.alarms.note({ code: 'fork', peer, shop: self, about: rid })
  await before.ledger.settle()
  const after = await load(storage)
  expect([...after.alarms.open.values()].map(({ kind, code }) => `${kind} ${code}`).sort()).toEqual([
    'clone rolled-back',
    'fork fork',
  ])
  after.alarms.note({ code: 'fork', peer, shop: self, about: rid })
  after.alarms.note({ code: 'fork', peer: self, shop: self, about: rid })
  expect(after.alarms.open.size).toBe(2)
})

test('an alarm that was put aside stays away over a restart', async () => {
  const storage = new MemoryStorage()
  const before = await load(storage)
  const finding = {
    kind: 'fork',
    about: 'x',
    sku: null,
    count: 1,
    message: '',
    details: {},
    keys: [],
    actions: ['dismiss'],
    since: null,
  } as const
  await before.dismissals.dismiss(problemOf(finding, self, 0))
  const after = await load(storage)
  expect([...after.dismissals.open.values()]).toEqual([{ id: problemId('fork', 'x'), count: 1, key: null }])
})

test('a flood of alarms ends: of one peer so that others are still heard, and of all together', async () => {
  const { alarms, ledger } = await load(new MemoryStorage())
  const flood = (from: ShopId): number => {
    for (let index = 0; index < 1_000; index += 1) {
      const about = ridOf(from, new Uint8Array(new Uint32Array([index, 0]).buffer))
      alarms.note({ code: 'fork', peer: from, shop: from, about })
    }
    return alarms.open.size
  }
  const peers = Array.from({ length: 6 }, (_, index) => shopIdOfKey(new Uint8Array(32).fill(10 + index)))
  expect(peers.map(flood)).toEqual([20, 40, 60, 80, 100, 100])
  await ledger.settle()
})

test('a bad peer is one problem for each thing that it does, whatever replicas it names', async () => {
  const storage = new MemoryStorage()
  const { alarms, ledger } = await load(storage)
  const other = ridOf(peer, new Uint8Array(8))
  expect(alarms.note({ code: 'claim-changed', peer, shop: self, about: rid })).toBe(true)
  expect(alarms.note({ code: 'claim-changed', peer, shop: peer, about: other })).toBe(false)
  expect(alarms.note({ code: 'stage-too-large', peer, shop: peer, about: other })).toBe(true)
  await ledger.settle()
  const after = await load(storage)
  expect([...after.alarms.open.values()].map(({ kind, code }) => `${kind} ${code}`).sort()).toEqual([
    'bad-peer claim-changed',
    'bad-peer stage-too-large',
  ])
})

test('what a peer only repeats is written to the log once in ten minutes, with how often it came', () => {
  let now = 1_000
  const written: string[] = []
  const log = new AlarmLog({ now: () => now }, (code, { times }) => written.push(`${code} ${String(times)}`))
  const alarm = { code: 'fork', peer, shop: self, about: rid } as const
  log.tell(alarm, true)
  for (let times = 0; times < 601; times += 1) {
    now += repeatedAlarmMs / 300
    log.tell(alarm, false)
  }
  expect(written).toEqual(['fork undefined', 'fork 301', 'fork 300'])
  log.tell({ ...alarm, peer: self }, true)
  expect(written.at(-1)).toBe('fork undefined')
})

test('the replica of this process is renewed where others claim more of it, and not for what they say of another', async () => {
  const { ledger } = await load(new MemoryStorage())
  const own = ledger.ownRid()
  ledger.renewRid(rid)
  expect(ledger.ownRid()).toBe(own)
  ledger.renewRid(own)
  expect(ledger.ownRid()).not.toBe(own)
})

test('what one member finds the others hear of, and what concerns only two they do not', async () => {
  const [finder, other] = [await load(new MemoryStorage()), await load(new MemoryStorage())]
  finder.alarms.note({ code: 'fork', peer, shop: self, about: rid })
  finder.alarms.note({ code: 'runs-twice', peer: self, shop: peer, about: `${peer} 17` })
  finder.alarms.note({ code: 'digest-wrong', peer, shop: self, about: rid })
  const proofs = [...finder.alarms.shared()].map(([, proof]) => proof)
  other.alarms.hear([...proofs, ...proofs, { code: 'digest-wrong', shop: self, by: peer, about: rid }])
  other.alarms.hear([{ code: 'fork', shop: 'nobody', by: peer, about: 'x' }])
  expect([...other.alarms.open.values()].map(({ kind, code, shop }) => [kind, code, shop])).toEqual([
    ['fork', 'fork', self],
    ['clone', 'runs-twice', peer],
  ])
})
