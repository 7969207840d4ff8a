/**
 * Two nodes with a certificate of their own and no proxy: they join over wss, a sale passes, and the command line speaks
 * to them over https. A node whose key others may read does not start.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foundNetwork, untilAgreed } from '../harness/agreement.ts'
import { makeCertificate, type MadeCertificate, noOpenssl } from '../harness/certificate.ts'
import { createNodeClient, createShopClient } from '../harness/client.ts'
import { runCommand } from '../harness/command.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program, shopKey } from '../harness/process.ts'

describe.skipIf(noOpenssl !== null)(`nodes that speak https themselves (${noOpenssl ?? 'openssl is here'})`, () => {
  let folder: string
  let made: MadeCertificate
  let trusted: { readonly NODE_EXTRA_CA_CERTS: string }
  const nodes: Program[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stockmesh-tls-'))
    made = makeCertificate(folder, 'authority')
    trusted = { NODE_EXTRA_CA_CERTS: made.files.cert }
    const env = { ...trusted, STOCKMESH_ADMIN_TOKEN: adminToken, STOCKMESH_SHOP_KEY: shopKey }
    const files = ['--tls-cert', made.files.cert, '--tls-key', made.files.key]
    const start = async (name: string): Promise<Program> => {
      const port = await pickPort()
      const args = ['start', '--name', name, '--url', `https://localhost:${port}`, ...files]
      return await Program.start({ name, args, folder: join(folder, name), port, env })
    }
    nodes.push(...(await Promise.all([start('DK'), start('SE')])))
  })
  afterAll(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  function secure(node: Program): string {
    return node.url.replace('http://127.0.0.1', 'https://localhost')
  }

  test('join over wss, and a sale in one is seen in the other', async () => {
    const members = nodes.map((node) => ({
      name: node.name,
      api: createNodeClient(node.url, adminToken),
      address: secure(node),
    }))
    for (const node of nodes) {
      await createShopClient(node.url, shopKey).createProduct({ sku: 'CUP-1', name: 'Cup', stock: 9 })
    }
    await foundNetwork(members)
    const [dk, se] = nodes.map((node) => createShopClient(node.url, shopKey))
    await dk?.placeOrder({ lines: [{ sku: 'CUP-1', quantity: 2 }] })
    await untilAgreed(members)
    expect((await se?.products())?.map(({ stock }) => stock)).toEqual([7])
    for (const node of nodes) expect(node.output).toContain(`Stockmesh runs at ${secure(node)} (on this machine`)
    // Each holds claims of the other, whose signatures are looked at.
    for (const { api } of members) expect(await api.call('GET', '/verify')).toMatchObject({ ok: true, faults: [] })
    const { network } = await members[0]!.api.status()
    expect(network?.members.map(({ url }) => url).toSorted()).toEqual(nodes.map(secure).toSorted())
  })

  test('the command line comes by https, and says what is missing where the authority is not known', async () => {
    const args = ['status', '--node', secure(nodes[0]!), '--data', join(folder, 'DK')]
    expect(await runCommand(args, null, trusted)).toMatchObject({
      code: 0,
      out: expect.stringContaining('DK') as string,
    })
    const unknown = await runCommand(args)
    expect(unknown.code).toBe(1)
    expect(unknown.err).toMatch(/no safe connection to https:\/\/localhost.*NODE_EXTRA_CA_CERTS/)
  })

  test('a key that everybody may read is refused in one sentence', async () => {
    const { files } = makeCertificate(folder, 'exposed')
    await chmod(files.key, 0o644)
    const data = join(folder, 'exposed')
    const args = ['start', '--data', data, '--port', '0', '--tls-cert', files.cert, '--tls-key', files.key]
    const { code, err, out } = await runCommand(args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^Other users of this machine .*chmod 600 .*exposed\.key\n$/)
  })
})
