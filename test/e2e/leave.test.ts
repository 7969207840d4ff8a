/**
 * Who may enter and how a shop goes: what each side answers, what stays behind, and that nothing of another network is
 * ever carried over.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'

async function request(joining: Member, asked: Member): Promise<{ id: string; code: string }> {
  await joining.api.join(asked.link.url, { importWhenAccepted: true })
  return await eventually(`${joining.name} is seen by ${asked.name}`, async () => {
    const join = await joining.api.joinState()
    return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
  })
}

async function importDone({ name, api }: Member): Promise<void> {
  await eventually(`the import of ${name} is done`, async () => (await api.importState()).state === 'done')
}

function descending(one: number | null, other: number | null): number {
  return (other ?? 0) - (one ?? 0)
}

function names(members: readonly { readonly name: string }[]): readonly string[] {
  return members.map(({ name }) => name).sort()
}

test('a third shop asks the second member; wrong codes, unfinished imports and double memberships are refused', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'] })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  for (const [index, member] of network.members.entries()) {
    await fillShop(member, [{ sku: 'FLYT-1', name: 'Kasse', stock: 30 + index }])
  }
  const early = await request(t, e)
  expect(await codeOf(e.api.accept(early.id, early.code))).toBe('409 import-first')
  expect(await codeOf(t.api.startImport())).toBe('409 join-pending')
  await t.api.call('DELETE', '/join')
  await eventually('the cancelled request is gone', async () => (await e.api.joinRequests()).length === 0)

  await m.api.startImport()
  await importDone(m)
  await network.join('E', 'M')
  const late = await request(t, e)
  expect(await codeOf(e.api.accept(late.id, 'AAAA-AAAA'))).toBe('409 code-mismatch')
  expect((await t.api.joinState()).state).toBe('seen')
  const typed = late.code.toLowerCase().replace('-', ' ')
  expect((await e.api.accept(late.id, typed)).state).toBe('accepted')
  expect((await e.api.accept(late.id, typed)).state).toBe('accepted')
  await importDone(t)
  await network.untilAgreed()
  expect(await network.shopStocks('FLYT-1')).toEqual([30, 30, 30])
  expect(names(await m.api.members())).toEqual(['E', 'M', 'T'])

  expect(await codeOf(t.api.join(m.link.url))).toBe('409 leave-first')
})

test('a shop leaves with its sales heard, its numbers stay, it starts empty and joins again like any other', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) {
    await fillShop(member, [
      { sku: 'FLYT-2', name: 'Kasse', stock: 20 },
      { sku: `KUN-${member.name}`, name: 'Egen', stock: 4 },
    ])
  }
  await network.found()
  const oldId = (await e.api.status()).node.id
  await e.shopApi.placeOrder({ lines: [{ sku: 'FLYT-2', quantity: 3 }] })
  await eventually('E counts its sale', async () => (await e.api.stockOf('FLYT-2'))?.level === 17)
  await e.api.leave()

  for (const name of ['M', 'T']) {
    const { api } = network.member(name)
    await eventually(`${name} drops E`, async () => (await api.members()).length === 2)
    expect((await api.stockOf('FLYT-2'))?.level).toBe(17)
    expect((await api.log()).some(({ result, cause }) => result === 'left' || cause === 'left')).toBe(true)
  }
  await eventually('M and T are in step', async () => (await m.api.status()).network?.inStep === true)
  const status = await e.api.status()
  expect(status).toMatchObject({ network: null, import: { state: 'idle' }, stock: { skus: 0, problems: 0 } })
  expect(status.node.id).not.toBe(oldId)
  expect((await e.shopApi.products()).map(({ stock }) => stock).toSorted(descending)).toEqual([17, 4])

  // Alone, neither side moves the other.
  await m.shopApi.placeOrder({ lines: [{ sku: 'FLYT-2', quantity: 1 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'FLYT-2', quantity: 5 }] })
  await eventually('T shows what M sold', async () => (await network.shopStocks('FLYT-2'))[2] === 16)
  expect(await network.shopStocks('FLYT-2')).toEqual([16, 12, 16])

  await e.node.restart()
  expect((await e.api.status()).network).toBeNull()
  await network.join('E', 'T')
  await network.untilAgreed()
  expect(await network.shopStocks('FLYT-2')).toEqual([16, 16, 16])
  expect(await network.levels('KUN-E')).toEqual([4, 4, 4])
  expect((await m.api.movements('FLYT-2')).map(({ delta }) => delta).toSorted(descending)).toEqual([-1, -3])
  await e.shopApi.placeOrder({ lines: [{ sku: 'FLYT-2', quantity: 2 }] })
  await network.untilEverywhere('FLYT-2', 14)
})

test('with nobody reachable a shop leaves only with force, and stands alone afterwards', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  for (const member of network.members) await fillShop(member, [{ sku: 'FLYT-3', name: 'Kasse', stock: 9 }])
  expect(await codeOf(e.api.leave())).toBe('409 no-network')
  await network.found()
  await m.node.kill()
  await e.api.call('POST', '/leave', { body: { force: true } })
  expect((await e.api.status()).network).toBeNull()
  await e.shopApi.placeOrder({ lines: [{ sku: 'FLYT-3', quantity: 2 }] })
  await m.node.start()
  expect(await network.shopStocks('FLYT-3')).toEqual([9, 7])
  expect((await m.api.members()).find(({ self }) => !self)).toMatchObject({ name: 'E', online: false })
  // What it was is not let in again, and what it is now is nobody there.
  expect((await e.api.status()).network).toBeNull()
  expect((await m.api.stockOf('FLYT-3'))?.level).toBe(9)
})

test('a network of one that joins another is dissolved: its numbers and its history never appear', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(m, [{ sku: 'FLYT-4', name: 'Kasse', stock: 50 }])
  await fillShop(e, [
    { sku: 'flyt-4', name: 'Kasse', stock: 8 },
    { sku: 'EGEN-4', name: 'Egen', stock: 7 },
    { sku: 'VÆK-4', name: 'Sælges ikke mere', stock: 3 },
  ])
  for (const member of [m, e]) {
    await member.api.startImport()
    await importDone(member)
  }
  const alone = (await e.api.status()).network?.id
  await e.shopApi.placeOrder({ lines: [{ sku: 'flyt-4', quantity: 1 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'EGEN-4', quantity: 1 }] })
  await eventually('E counts its sales', async () => (await e.api.stockOf('EGEN-4'))?.level === 6)
  const gone = (await e.shopApi.products()).find(({ sku }) => sku === 'VÆK-4')
  await e.shopApi.deleteProduct(gone?.id ?? '')

  await network.join('E', 'M')
  await network.untilAgreed()
  expect((await e.api.status()).network?.id).not.toBe(alone)
  expect(await network.shopStocks('FLYT-4')).toEqual([50, 50])
  for (const { api } of network.members) {
    expect(await api.movements('FLYT-4')).toEqual([])
    expect(await api.movements('EGEN-4')).toEqual([])
    expect((await api.stockOf('EGEN-4'))?.baseline).toMatchObject({ quantity: 6, generation: 1 })
    expect((await api.stockOf('FLYT-4'))?.baseline).toMatchObject({ quantity: 50, generation: 1 })
    expect(await api.stockOf('VÆK-4')).toBeNull()
  }
})
