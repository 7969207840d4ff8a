/**
 * A real Vendure shop in a process of its own, driven through its Shop API and Admin API as customers and staff do. It
 * can be killed and started again on the same database: PostgreSQL, as merchants run it, or a SQLite file.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../harness/eventually.ts'
import { Owned } from '../harness/owned.ts'
import { pickPort } from '../harness/port.ts'
import { openPostgresServer } from './sql/real-servers.ts'
import type { SqlServer } from './sql/sql-shop.ts'

const program = fileURLToPath(new URL('../../integrations/vendure-plugin/test/shop.cjs', import.meta.url))
const clockShift = new URL('../harness/clock-shift.js', import.meta.url).href
export const vendureKey = 'a-key-of-a-test-that-is-long-enough-0123456789'

/** Why the tests against a real Vendure do not run; null: they do. */
export const withoutVendure: string | null =
  process.env['STOCKMESH_VENDURE'] === '1'
    ? null
    : 'installs 170 MB: (cd integrations/vendure-plugin && npm ci && npm run build), then STOCKMESH_VENDURE=1'

/** Where a test does not say it, its shop has a SQLite file, or a PostgreSQL server of its own. */
const isOnPostgres: boolean = process.env['STOCKMESH_VENDURE_POSTGRES'] === '1'

interface Opening {
  /** Where the companion sends its hints. */
  readonly nodeUrl?: string
  /** A PostgreSQL server; the shop makes itself a database there. */
  readonly server?: Pick<SqlServer, 'url'>
  /** Whether the plugin is installed. */
  readonly hasCompanion?: boolean
}

type Answer = Readonly<Record<string, unknown>>

const levels = 'stockLevels { stockLocationId stockOnHand stockAllocated }'

export class VendureShop implements AsyncDisposable {
  readonly url: string
  /** A SQLite file and migrations are there. */
  readonly directory: string
  /** What its programs are told of the database. */
  readonly environment: Readonly<Record<string, string>>
  /** The id of the stock location whose numbers are meant. */
  location = '1'
  readonly #port: number
  readonly #nodeUrl: string
  readonly #hasCompanion: boolean
  /** Its directory, and the server where that is its own. */
  readonly #owned: Owned
  #process: ChildProcess | null = null
  #admin = ''
  #made = 0

  private constructor(
    directory: string,
    port: number,
    { nodeUrl = '', server, hasCompanion = true }: Opening,
    owned: Owned,
  ) {
    this.directory = directory
    this.#port = port
    this.#nodeUrl = nodeUrl
    this.#hasCompanion = hasCompanion
    this.#owned = owned
    this.url = `http://127.0.0.1:${port}`
    this.environment = server === undefined ? {} : { SHOP_DATABASE_URL: new URL(`/vendure_${port}`, server.url).href }
  }

  static async open(opening: Opening = {}): Promise<VendureShop> {
    const owned = new Owned()
    const server = opening.server ?? (isOnPostgres ? owned.use(await openPostgresServer()) : undefined)
    const directory = await mkdtemp(join(tmpdir(), 'stockmesh-vendure-'))
    owned.defer(() => rm(directory, { recursive: true, force: true }))
    const shop = new VendureShop(
      directory,
      await pickPort(),
      { ...opening, ...(server === undefined ? {} : { server }) },
      owned,
    )
    try {
      await shop.start()
    } catch (error) {
      await shop[Symbol.asyncDispose]()
      throw error
    }
    return shop
  }

  /** `clockShiftMs`: how far its clock is ahead of the machine's. */
  async start(shopUrl: string = this.url, clockShiftMs = 0): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...(clockShiftMs === 0 ? [] : [`--import=${clockShift}`]),
        program,
        this.directory,
        String(this.#port),
        vendureKey,
        shopUrl,
        this.#nodeUrl,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...this.environment,
          CLOCK_SHIFT_MS: String(clockShiftMs),
          SHOP_WITHOUT_COMPANION: this.#hasCompanion ? '' : '1',
        },
      },
    )
    this.#process = child
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await eventually(
      'Vendure serves',
      () => {
        if (child.exitCode !== null) throw new Error(`Vendure ended: ${output.slice(-2_000)}`)
        return output.includes('serving')
      },
      { deadlineMs: 60_000, every: 50 },
    )
    await this.#login()
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** A product with one variant; answers the variant's id. */
  async create(sku: string | null, stock: number | null): Promise<string> {
    this.#made += 1
    const name = `Product ${this.#made}`
    const product = await this.#ask<{ createProduct: { id: string } }>(
      'mutation($input: CreateProductInput!) { createProduct(input: $input) { id } }',
      {
        input: {
          enabled: true,
          translations: [{ languageCode: 'en', name, slug: `p-${this.#made}`, description: '' }],
        },
      },
    )
    const variant = {
      productId: product.createProduct.id,
      sku: sku ?? '',
      price: 1_000,
      trackInventory: stock === null ? 'FALSE' : 'INHERIT',
      translations: [{ languageCode: 'en', name }],
      ...(stock === null ? {} : { stockLevels: [{ stockLocationId: this.location, stockOnHand: stock }] }),
    }
    const made = await this.#ask<{ createProductVariants: { id: string }[] }>(
      'mutation($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }',
      { input: [variant] },
    )
    return made.createProductVariants[0]?.id ?? ''
  }

  async change(id: string, facts: object): Promise<void> {
    await this.#ask('mutation($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', {
      input: [{ id, ...facts }],
    })
  }

  /** Another stock location; answers its id. */
  async openLocation(name: string): Promise<string> {
    const { createStockLocation } = await this.#ask<{ createStockLocation: { id: string } }>(
      'mutation($input: CreateStockLocationInput!) { createStockLocation(input: $input) { id } }',
      { input: { name, description: '' } },
    )
    return createStockLocation.id
  }

  async remove(id: string): Promise<void> {
    await this.#ask('mutation($id: ID!) { deleteProductVariant(id: $id) { result } }', { id })
  }

  /** Units on hand less those that orders have taken; null: not tracked. */
  async stockOf(id: string): Promise<number | null> {
    const { productVariant } = await this.#ask<{
      productVariant: {
        trackInventory: string
        stockLevels: { stockLocationId: string; stockOnHand: number; stockAllocated: number }[]
      } | null
    }>(`query($id: ID!) { productVariant(id: $id) { trackInventory ${levels} } }`, { id })
    if (productVariant === null || productVariant.trackInventory === 'FALSE') return null
    const { stockOnHand = 0, stockAllocated = 0 } = this.#here(productVariant.stockLevels) ?? {}
    return stockOnHand - stockAllocated
  }

  /** Stock on hand as a person types it, so that `stock` units can be sold. */
  async type(id: string, stock: number | null): Promise<void> {
    if (stock === null) return this.change(id, { trackInventory: 'FALSE' })
    const { productVariant } = await this.#ask<{
      productVariant: { stockLevels: { stockLocationId: string; stockAllocated: number }[] }
    }>(`query($id: ID!) { productVariant(id: $id) { ${levels} } }`, { id })
    const allocated = this.#here(productVariant.stockLevels)?.stockAllocated ?? 0
    const stockLevels = [{ stockLocationId: this.location, stockOnHand: stock + allocated }]
    await this.change(id, { stockLevels, trackInventory: 'TRUE' })
  }

  /** A whole checkout in the Shop API, until the payment is authorized; answers the order's id. */
  async sell(id: string, quantity: number): Promise<string> {
    const pay = await this.checkOut([[id, quantity]])
    return pay()
  }

  /** A checkout up to the payment, which the answer makes; that one answers the order's id. */
  async checkOut(goods: readonly (readonly [id: string, quantity: number])[]): Promise<() => Promise<string>> {
    const customer = new ShopSession(`${this.url}/shop-api`)
    let orderId = ''
    for (const [id, quantity] of goods) {
      const added = await customer.ask(
        'mutation($id: ID!, $quantity: Int!) { r: addItemToOrder(productVariantId: $id, quantity: $quantity) { ' +
          '__typename ... on Order { id } ... on ErrorResult { message } } }',
        { id, quantity },
      )
      assertIs(added['r'], 'Order')
      orderId = (added['r'] as { id: string }).id
    }
    const address = {
      fullName: 'A Customer',
      streetLine1: 'Street 1',
      city: 'Town',
      postalCode: '1000',
      countryCode: 'DK',
    }
    await customer.ask('mutation($c: CreateCustomerInput!) { setCustomerForOrder(input: $c) { __typename } }', {
      c: { firstName: 'A', lastName: 'Customer', emailAddress: 'a.customer@shop.example' },
    })
    await customer.ask('mutation($a: CreateAddressInput!) { setOrderShippingAddress(input: $a) { __typename } }', {
      a: address,
    })
    const { eligibleShippingMethods } = await customer.ask('{ eligibleShippingMethods { id } }', {})
    const method = (eligibleShippingMethods as { id: string }[])[0]?.id
    await customer.ask('mutation($m: [ID!]!) { setOrderShippingMethod(shippingMethodId: $m) { __typename } }', {
      m: [method],
    })
    await customer.ask('mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }', {})
    return async () => {
      const paid = await customer.ask(
        'mutation($p: PaymentInput!) { r: addPaymentToOrder(input: $p) { __typename ... on ErrorResult { message } } }',
        { p: { method: 'test', metadata: {} } },
      )
      assertIs(paid['r'], 'Order')
      return orderId
    }
  }

  /** What Vendure's own level says, and the sum of each kind of movement in Vendure's own book. */
  async bookOf(variantId: string): Promise<{
    readonly onHand: number
    readonly allocated: number
    readonly moved: Readonly<Record<string, number>>
  }> {
    const kinds = ['StockAdjustment', 'Allocation', 'Sale', 'Cancellation', 'Release', 'Return']
    const items = kinds.map((kind) => `... on ${kind} { type quantity }`).join(' ')
    const moved: Record<string, number> = {}
    for (let skip = 0; ; skip += 100) {
      const { productVariant } = await this.#ask<{
        productVariant: {
          stockLevels: { stockLocationId: string; stockOnHand: number; stockAllocated: number }[]
          stockMovements: { items: { type: string; quantity: number }[]; totalItems: number }
        }
      }>(
        `query($id: ID!, $skip: Int!) { productVariant(id: $id) { ${levels} ` +
          `stockMovements(options: { skip: $skip, take: 100 }) { totalItems items { ${items} } } } }`,
        { id: variantId, skip },
      )
      const { items: page, totalItems } = productVariant.stockMovements
      for (const { type, quantity } of page) moved[type] = (moved[type] ?? 0) + quantity
      if (page.length > 0 && skip + page.length < totalItems) continue
      const { stockOnHand = 0, stockAllocated = 0 } = this.#here(productVariant.stockLevels) ?? {}
      return { onHand: stockOnHand, allocated: stockAllocated, moved }
    }
  }

  /** By the word of its own orders, units of a variant that customers have bought. */
  async boughtOf(variantId: string): Promise<number> {
    let [units, orders] = [0, 0]
    for (;;) {
      const { orders: page } = await this.#ask<{
        orders: {
          items: { lines: { quantity: number; productVariant: { id: string } }[] }[]
          totalItems: number
        }
      }>(
        'query($options: OrderListOptions) { orders(options: $options) { totalItems items { ' +
          'lines { quantity productVariant { id } } } } }',
        {
          options: {
            filter: { orderPlacedAt: { isNull: false } },
            sort: { id: 'ASC' },
            skip: orders,
            take: 200,
          },
        },
      )
      const lines = page.items.flatMap((order) => order.lines)
      for (const { quantity, productVariant } of lines) if (productVariant.id === variantId) units += quantity
      orders += page.items.length
      if (page.items.length === 0 || orders >= page.totalItems) return units
    }
  }

  async cancel(orderId: string): Promise<void> {
    const { r } = await this.#ask<{ r: unknown }>(
      'mutation($input: CancelOrderInput!) { r: cancelOrder(input: $input) { __typename ... on ErrorResult { message } } }',
      { input: { orderId, cancelShipping: true } },
    )
    assertIs(r, 'Order')
  }

  /** The goods leave the house. */
  async fulfil(orderId: string): Promise<void> {
    const { order } = await this.#ask<{
      order: { payments: { id: string }[]; lines: { id: string; quantity: number }[] }
    }>('query($id: ID!) { order(id: $id) { payments { id } lines { id quantity } } }', { id: orderId })
    await this.#ask('mutation($id: ID!) { settlePayment(id: $id) { __typename } }', { id: order.payments[0]?.id })
    const lines = order.lines.map(({ id, quantity }) => ({ orderLineId: id, quantity }))
    const handler = { code: 'manual-fulfillment', arguments: [{ name: 'method', value: 'Post' }] }
    const { r } = await this.#ask<{ r: unknown }>(
      'mutation($input: FulfillOrderInput!) { r: addFulfillmentToOrder(input: $input) { __typename ... on ErrorResult { message } } }',
      { input: { lines, handler } },
    )
    assertIs(r, 'Fulfillment')
  }

  async trackByDefault(trackInventory: boolean): Promise<void> {
    await this.#ask(
      'mutation($input: UpdateGlobalSettingsInput!) { updateGlobalSettings(input: $input) { __typename } }',
      {
        input: { trackInventory },
      },
    )
  }

  /** The session of the administrator, as the Admin API gives it. */
  get adminToken(): string {
    return this.#admin
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await this.#owned[Symbol.asyncDispose]()
  }

  #here<T extends { readonly stockLocationId: string }>(all: readonly T[]): T | undefined {
    return all.find(({ stockLocationId }) => stockLocationId === this.location)
  }

  async #login(): Promise<void> {
    const session = new ShopSession(`${this.url}/admin-api`)
    await session.ask('mutation { login(username: "admin", password: "admin") { __typename } }', {})
    this.#admin = session.token
  }

  async #ask<T>(query: string, variables: Answer): Promise<T> {
    const session = new ShopSession(`${this.url}/admin-api`, this.#admin)
    return (await session.ask(query, variables)) as T
  }
}

class ShopSession {
  readonly #url: string
  token: string

  constructor(url: string, token = '') {
    this.#url = url
    this.token = token
  }

  async ask(query: string, variables: Answer): Promise<Answer> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ query, variables }),
    })
    this.token = response.headers.get('vendure-auth-token') ?? this.token
    const { data, errors } = (await response.json()) as { data?: Answer; errors?: unknown }
    if (errors !== undefined || data === undefined) throw new Error(`Vendure: ${JSON.stringify(errors)}`)
    return data
  }
}

function assertIs(answer: unknown, type: string): void {
  const { __typename } = answer as { __typename: string }
  if (__typename !== type) throw new Error(`Vendure: ${JSON.stringify(answer)}`)
}
