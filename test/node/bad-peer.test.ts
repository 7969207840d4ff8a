/**
 * A member whose node sends what cannot be right: its session ends, the problem says whose it is and what to do, once
 * however often it lies, and this node goes on under the replica that it has.
 */
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import {
  emptyDigest,
  type Message,
  type NetworkId,
  processIdOf,
  type Rid,
  ridOf,
  type ShopId,
  shopOfRid,
} from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Identity, openIdentity, verify } from '../../packages/node/src/identity.ts'
import { openNoiseChannel } from '../../packages/node/src/network/channel.ts'
import { Session, type SessionMessage } from '../../packages/node/src/network/session.ts'
import { systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { OwnNode } from '../fuzz/own-node.ts'
import { foundNetwork, joinNetwork } from '../harness/agreement.ts'
import { eventually } from '../harness/eventually.ts'

/** A session with the node as one of its members, who says what the test says. */
class ScriptedMember {
  readonly heard: Message[] = []
  readonly session: Session
  /** Resolves with the code by which the session ended. */
  readonly ended: Promise<string>

  constructor(socket: WebSocket, own: Identity, network: NetworkId, startedAt: number, opened: () => void) {
    let end: (code: string) => void = () => undefined
    this.ended = new Promise((resolve) => {
      end = resolve
    })
    this.session = new Session(
      socket,
      { role: 'dialer', purpose: 'member', expected: null },
      {
        key: own.publicKey,
        network,
        processId: processIdOf(startedAt, systemRandom.bytes(16)),
        sign: own.sign,
        verify,
        isMember: () => true,
        losses: () => 0,
      },
      { timers: systemTimers, random: systemRandom, openChannel: openNoiseChannel },
      {
        onOpen: opened,
        onMessage: (_, message) => void this.heard.push(message),
        onClose: (_, code) => end(code),
      },
    )
  }

  static async dial(node: OwnNode, own: Identity, network: NetworkId, startedAt: number): Promise<ScriptedMember> {
    const socket = new WebSocket(`ws://${node.address}/sync/v1`)
    await once(socket, 'open')
    let opened: () => void = () => undefined
    const open = new Promise<void>((resolve) => {
      opened = resolve
    })
    const member = new ScriptedMember(socket, own, network, startedAt, opened)
    await open
    return member
  }

  /** Claims so much of a replica. */
  claim(rid: Rid, high: number): void {
    const message: SessionMessage = {
      type: 'have',
      claims: [{ rid, high, digest: emptyDigest, signature: new Uint8Array(64) }],
      complete: true,
    }
    this.session.send(message)
  }

  greet(): void {
    const facts = { release: '1', unicode: '15', processId: systemRandom.bytes(16), startedAt: 1 }
    this.session.send({ type: 'hello', ...facts, shops: [], history: true })
  }

  /** Replicas of a shop that the node has claimed. */
  claimsOf(shop: ShopId): Rid[] {
    const claims = this.heard.flatMap((message) => (message.type === 'have' ? message.claims : []))
    return [...new Set(claims.map(({ rid }) => rid).filter((rid) => shopOfRid(rid) === shop))].sort()
  }
}

test('a member that takes back its claims is told apart from a fork, once, and costs this node no replica', async () => {
  await using node = await OwnNode.open('M')
  await node.fill()
  const stranger = await OwnNode.open('X')
  await foundNetwork([node])
  await joinNetwork(stranger, node)
  await stranger.close()
  const own = await openIdentity(stranger.directory, systemRandom)
  await rm(stranger.directory, { recursive: true, force: true })
  const status = await node.api.status()
  const network = status.network?.id as NetworkId
  const self = status.node.id as ShopId
  const receive = (): Promise<unknown> =>
    node.api.call('POST', '/received', { body: { items: [{ sku: 'CUP-1', quantity: 1 }] } })
  await receive()

  const invented = ridOf(own.shopId, systemRandom.bytes(8))
  const before: Rid[][] = []
  for (const startedAt of [1, 2, 3]) {
    const liar = await ScriptedMember.dial(node, own, network, Date.now() + startedAt)
    liar.greet()
    await eventually('the node tells its claims', () => Promise.resolve(liar.claimsOf(self).length > 0))
    before.push(liar.claimsOf(self))
    liar.claim(invented, 9)
    liar.claim(invented, 3)
    expect(await liar.ended).toBe('claim-changed')
    await receive()
  }
  const problems = await node.api.problems()
  expect(problems.map(({ kind, count }) => [kind, count])).toEqual([['bad-peer', 1]])
  expect(problems[0]).toMatchObject({ details: { code: 'claim-changed', peer: own.shopId, name: 'X' } })
  expect(problems[0]?.message).toMatch(/^The node of "X" takes back .* remove that shop from the network\.$/)
  expect(new Set(before.map((rids) => rids.join())).size).toBe(1)
  expect((await node.api.stockOf('CUP-1'))?.level).toBe(9)
})
