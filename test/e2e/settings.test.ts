/**
 * What a person changes while the node runs: the buffer reaches the shop at once and is never taken for a change of
 * stock; name and address reach the other members and stay over restarts.
 */
import type { MemberStatus, SettingsAnswer, StatusAnswer } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { Program } from '../harness/process.ts'
import { codeOf } from './refusal.ts'
import { sell, untilShown } from './trade.ts'

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  e = network.member('E')
  await fillShop(m, [
    { sku: 'BUF-10', name: 'Lampe', stock: 10 },
    { sku: 'BUF-1', name: 'Pære', stock: 1 },
  ])
  await fillShop(e, [
    { sku: 'BUF-10', name: 'Lampe', stock: 0 },
    { sku: 'BUF-1', name: 'Pære', stock: 0 },
  ])
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

function patchSettings(member: Member, change: object): Promise<SettingsAnswer> {
  return member.api.call('PATCH', '/settings', { body: change })
}

function patchNode(member: Member, change: object): Promise<StatusAnswer['node']> {
  return member.api.call('PATCH', '/node', { body: change })
}

async function seenBy(member: Member, other: Member): Promise<MemberStatus> {
  const { node } = await other.api.status()
  const found = (await member.api.members()).find(({ id }) => id === node.id)
  if (found === undefined) throw new Error(`${member.name} does not know ${other.name}.`)
  return found
}

test('a buffer of 2 shows 8 of 10 and nothing of 1; sales count as ever, and without it all is shown again', async () => {
  expect((await patchSettings(e, { buffer: 2 })).buffer).toBe(2)
  await untilShown(network, 'BUF-10', 10, 8)
  await untilShown(network, 'BUF-1', 1, 0)
  await network.untilAgreed()
  expect(await e.api.stockOf('BUF-10')).toMatchObject({ level: 10, shown: 8, shopLevel: 8, state: 'synced' })
  expect(await e.api.stockOf('BUF-1')).toMatchObject({ level: 1, shown: 0, shopLevel: 0 })

  await sell(m, 'BUF-10', 1)
  await untilShown(network, 'BUF-10', 9, 7)
  await sell(e, 'BUF-10', 3)
  await untilShown(network, 'BUF-10', 6, 4)
  await network.untilAgreed()

  await e.node.restart()
  await sell(m, 'BUF-10', 1)
  await untilShown(network, 'BUF-10', 5, 3)

  await patchSettings(e, { buffer: null })
  await untilShown(network, 'BUF-10', 5, 5)
  await untilShown(network, 'BUF-1', 1, 1)
  await network.untilAgreed()
  const moved = (await m.api.movements('BUF-10')).map(({ delta, cause }) => `${cause} ${delta}`)
  expect(moved.sort()).toEqual(['sale -1', 'sale -1', 'sale -3'])
  expect(await m.api.movements('BUF-1')).toEqual([])
})

test('a buffer that was set while the node could not reach its shop counts as soon as it can', async () => {
  e.shopLink.cut()
  await patchSettings(e, { buffer: 4 })
  await e.node.kill()
  await sell(m, 'BUF-10', 1)
  e.shopLink.heal()
  await e.node.restart()
  await untilShown(network, 'BUF-10', 4, 0)
  await patchSettings(e, { buffer: 0 })
  await untilShown(network, 'BUF-10', 4, 4)
})

test('a new name and address reach the other member and stand over a restart; a start with a new name is the later word', async () => {
  const started = await seenBy(m, e)
  expect(started).toMatchObject({ name: 'E', url: e.link.url })
  expect(await patchNode(e, { name: 'Butik Øst', url: `${e.node.url}/` })).toMatchObject({
    name: 'Butik Øst',
    url: e.node.url,
  })
  // The name and the address are two records, and may arrive one after the other.
  await eventually('M sees both', async () => {
    const { name, url } = await seenBy(m, e)
    return name === 'Butik Øst' && url === e.node.url
  })
  expect(await seenBy(m, e)).toMatchObject({ online: true })
  expect((await e.api.call<SettingsAnswer>('GET', '/settings')).name).toBe('Butik Øst')

  await e.node.restart()
  expect((await e.api.status()).node).toMatchObject({ name: 'Butik Øst', url: e.node.url })
  await eventually('they meet at the new address', async () => (await seenBy(m, e)).online)
  expect(await seenBy(m, e)).toMatchObject({ name: 'Butik Øst', url: e.node.url })

  expect(await codeOf(patchNode(e, { url: 'ftp://butik.example' }))).toBe('400 body-invalid')

  await e.node.stop()
  await using renamed = await Program.start({
    name: 'node E, renamed',
    args: ['start', '--name', 'Butik Syd', '--url', e.link.url, '--shop-url', e.shopLink.url],
    folder: e.node.folder,
    port: Number(new URL(e.node.url).port),
  })
  expect(renamed.running).toBe(true)
  await eventually('M sees the new name', async () => (await seenBy(m, e)).name === 'Butik Syd')
  // The start says of the address what it said before, so the one chosen in the pages stands.
  expect((await e.api.status()).node).toMatchObject({ name: 'Butik Syd', url: e.node.url })
})
