/**
 * A shop and its node whose folders were put back to an old copy by hand: what the others know of it is taken back, and
 * what is sold from then on counts under a replica of its own.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
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
  const network = await Network.open({ names: ['M', 'E'] })
  for (const member of network.members) await fillShop(member, [{ sku, name: 'Vare', stock: 50 }])
  await network.found()
  return network
}

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
