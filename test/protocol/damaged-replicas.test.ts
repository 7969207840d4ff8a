/**
 * What a node says whose records were damaged on disk: not that its claims are all told, so that a shop that joins
 * through it does not take its own numbers for the network's first ones.
 */
import { expect, test } from 'vitest'
import { equalsPeer, holdsAllOf } from '../../packages/protocol/src/agreement.ts'
import type { Claim } from '../../packages/protocol/src/claim.ts'
import type { ShopId } from '../../packages/protocol/src/ids.ts'
import { stepReplication } from '../../packages/protocol/src/replication.ts'
import { createReplication, type Replication } from '../../packages/protocol/src/replication-state.ts'
import type { ReplicationInput } from '../../packages/protocol/src/replication-step.ts'
import type { Message } from '../../packages/protocol/src/wire.ts'
import { ridAt, shopAt } from './arbitraries.ts'

const [shopM, shopE, shopT] = [shopAt(1), shopAt(2), shopAt(3)] as const
/** Replicas of M and E; of E's, M held five and a record of them is damaged. */
const [M, E] = [ridAt(shopM), ridAt(shopE)] as const
const facts = { release: '1', unicode: '15', processId: new Uint8Array(16), startedAt: 0 }
const claim = (high: number): Claim => {
  return { high, digest: new Uint8Array(32).fill(high), signature: new Uint8Array(64) }
}

function damagedM(): Replication {
  const state = createReplication(shopM, new Map([[M, claim(9)]]), new Map([[E, 5]]), new Map())
  say(state, { type: 'members', shops: new Set([shopM, shopE, shopT]), cuts: new Map(), now: 1_000 })
  return state
}

/** What the machine sends on an input. */
function say(state: Replication, input: ReplicationInput): [ShopId, Message][] {
  const source = { read: () => null, testimonies: () => [], history: () => null, isSigned: () => true }
  const outputs = stepReplication(state, input, source)
  return outputs.flatMap((output): [ShopId, Message][] =>
    output.type === 'send' ? [[output.peer, output.message]] : [],
  )
}

function hear(state: Replication, peer: ShopId, message: Message): [ShopId, Message][] {
  return say(state, { type: 'received', peer, message, now: 1_000 })
}

function greet(state: Replication, peer: ShopId): [ShopId, Message][] {
  say(state, { type: 'opened', peer, hello: facts })
  return hear(state, peer, { ...facts, type: 'hello', shops: [], history: true })
}

test('a shop that joins through it has all only when what was damaged is back', () => {
  const [acceptor, joiner] = [damagedM(), createReplication(shopT, new Map(), new Map(), new Map())]
  say(joiner, { type: 'opened', peer: shopM, hello: facts })
  for (const [, message] of greet(acceptor, shopT)) hear(joiner, shopM, message)
  say(joiner, { type: 'committed', claims: [{ rid: M, ...claim(9) }], now: 1_000 })
  expect(holdsAllOf(joiner, shopM)).toBe(false)
  const told = say(acceptor, { type: 'committed', claims: [{ rid: E, ...claim(6) }], now: 1_000 })
  expect(told.map(([, message]) => message)).toMatchObject([
    { type: 'have', claims: [{ rid: E, high: 6 }], complete: false },
    { type: 'have', claims: [], complete: true },
  ])
  for (const [, message] of told) hear(joiner, shopM, message)
  expect(holdsAllOf(joiner, shopM)).toBe(false)
  say(joiner, { type: 'committed', claims: [{ rid: E, ...claim(6) }], now: 1_000 })
  expect(holdsAllOf(joiner, shopM)).toBe(true)
  // It is said once.
  expect(say(acceptor, { type: 'committed', claims: [{ rid: M, ...claim(10) }], now: 1_000 })).toMatchObject([
    [shopT, { type: 'have', claims: [{ rid: M, high: 10 }], complete: false }],
  ])
})

test('it asks nobody who has less than it had, and is in step with nobody', () => {
  const state = damagedM()
  greet(state, shopT)
  expect(hear(state, shopT, { type: 'have', claims: [{ rid: E, ...claim(4) }], complete: true })).toEqual([])
  expect(equalsPeer(state, shopT)).toBe(false)
  expect(hear(state, shopT, { type: 'have', claims: [{ rid: E, ...claim(5) }], complete: false })).toEqual([
    [shopT, { type: 'want', rid: E, above: 0 }],
  ])
})
