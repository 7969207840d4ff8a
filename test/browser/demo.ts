/** `stockmesh demo` with three shops as a newcomer starts it: new data, and the addresses of its pages. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPortsInRow } from '../harness/port.ts'
import { Program } from '../harness/process.ts'

const shopNames = ['Gavebod Danmark', 'Gavebod Sverige', 'Gavebod Norge'] as const

export interface DemoShop {
  readonly name: string
  /** Where its node answers: "127.0.0.1:7400". */
  readonly address: string
  readonly adminUrl: string
  readonly storefrontUrl: string
  readonly backOfficeUrl: string
}

export class Demo implements AsyncDisposable {
  readonly #shops: readonly DemoShop[]
  readonly #owned: Owned

  private constructor(shops: readonly DemoShop[], owned: Owned) {
    this.#shops = shops
    this.#owned = owned
  }

  static async start(): Promise<Demo> {
    const owned = new Owned()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'stockmesh-demo-'))
      owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
      const port = await pickPortsInRow(shopNames.length)
      const args = ['demo', '--shops', String(shopNames.length)]
      const program = owned.use(await Program.start({ name: 'the demo', args, folder, port }))
      await eventually('the demo says that it runs', () => program.output.includes('Stop with Ctrl-C'))
      return new Demo(
        shopNames.map((name, index) => demoShop(name, `127.0.0.1:${port + index}`)),
        owned,
      )
    } catch (error) {
      await owned[Symbol.asyncDispose]()
      throw error
    }
  }

  shop(index: number): DemoShop {
    const shop = this.#shops[index]
    if (shop === undefined) throw new Error(`The demo has ${this.#shops.length} shops.`)
    return shop
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }
}

function demoShop(name: string, address: string): DemoShop {
  const adminUrl = `http://${address}/`
  return {
    name,
    address,
    adminUrl,
    storefrontUrl: `${adminUrl}shop/`,
    backOfficeUrl: `${adminUrl}shop/admin`,
  }
}
