/** A node in this process, with a shop of a few SKUs; what it logs as an error is kept. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeServer } from '../../packages/node/src/node/node-server.ts'
import { createNodeClient, createShopClient, type NodeClient, type ShopClient } from '../harness/client.ts'
import { Finding } from './target.ts'

export const fuzzToken = 'fuzz-admin-token-0123456789abcdef0123'

export class OwnNode implements AsyncDisposable {
  readonly name: string
  readonly directory: string
  readonly api: NodeClient
  readonly shop: ShopClient
  readonly #server: NodeServer
  readonly #errors: unknown[]

  private constructor(name: string, directory: string, server: NodeServer, errors: unknown[]) {
    this.name = name
    this.directory = directory
    this.#server = server
    this.#errors = errors
    this.api = createNodeClient(server.localUrl, fuzzToken)
    this.shop = createShopClient(server.localUrl, fuzzToken)
  }

  static async open(name: string): Promise<OwnNode> {
    const directory = await mkdtemp(join(tmpdir(), 'stockmesh-fuzz-'))
    const errors: unknown[] = []
    const server = await NodeServer.open({
      directory,
      host: '127.0.0.1',
      port: 0,
      url: null,
      name,
      adminToken: fuzzToken,
      shop: null,
      shopKey: null,
      allowPrivatePeers: true,
      openShop: false,
      demo: false,
      logger: { info: () => undefined, warn: () => undefined, error: (...given: unknown[]) => void errors.push(given) },
    })
    return new OwnNode(name, directory, server, errors)
  }

  get address(): string {
    return new URL(this.#server.localUrl).host
  }

  get url(): string {
    return this.#server.localUrl
  }

  /** To choose the first password with. */
  get setupToken(): string | null {
    return this.#server.account.setupToken
  }

  async fill(): Promise<void> {
    await this.shop.createProduct({ sku: 'CUP-1', name: 'Cup', stock: 5 })
    await this.shop.createProduct({ sku: 'MUG-2', name: 'Mug', stock: 7 })
  }

  /** Error: `Finding`, with the first that was logged. What a person is told about a peer is as it should be. */
  assertQuiet(): void {
    const first = this.#errors.find((given) => !Array.isArray(given) || given[1] !== 'alarm')
    if (first !== undefined) throw new Finding(`${this.name} logged ${JSON.stringify(first, replaceErrors)}`)
  }

  /** Ends its life and leaves its folder. */
  async close(): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

function replaceErrors(_: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value
}
