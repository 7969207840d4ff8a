/**
 * A shop and its node whose folders were put back to an old copy by hand, so that the same changes exist in two
 * versions: every shop ends with the same numbers, everybody is told, and what is sold from then on counts.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'

const sku = 'GAFFEL-1'
/** A node reads its shop's feed every 20 s at least, and finds out about itself then. */
const patience = { deadlineMs: 60_000 }

async function order({ shopApi }: Member, quantity: number): Promise<void> {
  await shopApi.placeOrder({ lines: [{ sku, quantity }] })
}

/** Stops E, sells 5 there after a copy of its folders was made, and puts the copy back. */
async function putBack(network: Network): Promise<void> {
  const e = network.member('E')
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-fork-'))
  const both = [e.shop, e.node]
  try {
    for (const program of [e.node, e.shop]) await program.stop()
    for (const [index, program] of both.entries()) {
      await cp(program.folder, join(folder, String(index)), { recursive: true })
    }
    for (const program of both) await program.start()
    await order(e, 5)
    await network.untilEverywhere(sku, 45)
    for (const program of [e.node, e.shop]) await program.stop()
    for (const [index, program] of both.entries()) {
      await rm(program.folder, { recursive: true })
      await cp(join(folder, String(index)), program.folder, { recursive: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function openNetwork(): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E'], shopProcesses: true })
  for (const member of network.members) await fillShop(member, [{ sku, name: 'Vare', stock: 50 }])
  await network.found()
  return network
}

test('a copy that sold on before anybody knew is merged with what the others have, and everybody is told', async () => {
  await using network = await openNetwork()
  const [m, e] = [network.member('M'), network.member('E')]
  await putBack(network)
  // More changes than M knows of, so that nothing but their content tells that they are others.
  await e.shop.start()
  for (let count = 0; count < 3; count += 1) await order(e, 1)
  await e.node.start()
  for (const { name, api } of [m, e]) {
    await eventually(
      `${name} says that there are two histories`,
      async () => {
        const problem = (await api.problems()).find(({ kind }) => kind === 'fork')
        if (problem === undefined) return false
        expect(problem.message).toContain('two accounts of what "E" bought and sold')
        return true
      },
      patience,
    )
  }
  const { id } = (await m.api.problems()).find(({ kind }) => kind === 'fork') ?? { id: '' }
  await eventually(
    'M names what may be lost',
    async () => {
      const items = await m.api.call<{ items: { sku: string }[] }>('GET', `/problems/${encodeURIComponent(id)}/items`)
      return items.items.map((item) => item.sku).join() === sku
    },
    patience,
  )
  // The larger of 5 and 3: what only the other account knew is what the problem is about.
  await eventually(
    'both nodes have the same number',
    async () => (await network.levels(sku)).join() === '45,45',
    patience,
  )
  await order(e, 1)
  await eventually(
    'what is sold from now on counts in both',
    async () => {
      return (await network.levels(sku)).join() === '44,44'
    },
    patience,
  )
  // Where the copy showed another number than the merged one, it waits for a person, as after any rollback.
  await eventually(
    'both shops show it',
    async () => {
      const held = (await e.api.problems()).find(({ kind }) => kind === 'rollback')
      if (held !== undefined) await e.api.act(held, 'use-network')
      return (await network.shopStocks(sku)).join() === '44,44'
    },
    patience,
  )
  await network.untilAgreed()
}, 300_000)

test('a copy whose feed ends before what the others know begins anew, and nothing is lost', async () => {
  await using network = await openNetwork()
  const e = network.member('E')
  await putBack(network)
  await e.shop.start()
  await e.node.start()
  await eventually('E has what it sold before', async () => (await network.levels(sku)).join() === '45,45', patience)
  await order(e, 3)
  await eventually('both sales count', async () => (await network.levels(sku)).join() === '42,42', patience)
}, 300_000)
