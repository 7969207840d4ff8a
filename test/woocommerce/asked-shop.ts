/** What the conformance suite does to a WooCommerce shop past its connector, by asking a route of a test inside it. */
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { hookKeyOf, type WooCommerceSettings } from '../../packages/node/src/connectors/woocommerce/settings.ts'
import { systemClock, systemRandom } from '../../packages/node/src/ports.ts'
import { signedHint } from '../connectors/built-in-hooks.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { openFaultyLine } from '../connectors/faulty-line.ts'
import type { ShopUnderTest } from '../connectors/shop-under-test.ts'
import type { Owned } from '../harness/owned.ts'

type Ask = (what: string, body: object) => Promise<Readonly<Record<string, unknown>>>
type Hooks = Omit<ShopUnderTest, 'connector' | 'breakNext' | 'patienceMs' | typeof Symbol.asyncDispose>

/** `send` has the shop do one thing, as `sell`. What `owned` holds is closed with the shop. */
export async function openAskedShop(
  owned: Owned,
  { url, ...keys }: Pick<WooCommerceSettings, 'url' | 'consumerKey' | 'consumerSecret'>,
  send: (what: string, body: object) => Promise<Response>,
): Promise<ShopUnderTest> {
  const line = owned.use(
    await openFaultyLine(url, (call) =>
      call.url.includes('/adjust') ? 'write' : call.method === 'GET' ? 'read' : null,
    ),
  )
  const settings: WooCommerceSettings = { url: line.url, ...keys, companion: 'yes' }
  // Signatures bear the time of the clock on the wall; the waits between two looks pass sooner.
  const parts = { directory: '', clock: systemClock, timers: new FastTime(10), random: systemRandom, hookUrl: null }
  const connector = owned.use(await wooCommercePlatform.open(settings, parts))
  const ask: Ask = async (what, body) => {
    const answer = await send(what, body)
    if (!answer.ok) throw new Error(`${what}: HTTP ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Readonly<Record<string, unknown>>
  }
  return {
    ...hooksOf(settings, ask),
    connector,
    hint: () => connector.hint?.(),
    breakNext: (fault, call) => line.breakNext(fault, call),
    patienceMs: 20_000,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

function hooksOf(settings: WooCommerceSettings, ask: Ask): Hooks {
  const stockIdOf = ({ id }: Readonly<Record<string, unknown>>): string => String(id).padStart(19, '0')
  const idOf = (stockId: string): number => Number(stockId)
  const sold = new Map<string, { readonly stockId: number; readonly units: number }>()
  return {
    create: async (product) => stockIdOf(await ask('create', product)),
    createTwin: async (sku, stock) => stockIdOf(await ask('create', { sku, stock })),
    createBundle: async (sku, stock) => stockIdOf(await ask('create', { sku, stock, type: 'bundle' })),
    createPool: async (variants, stock) => stockIdOf(await ask('create', { sku: null, stock, variants })),
    stockOf: async (id) => (await ask('stock', { id: idOf(id) }))['stock'] as number | null,
    async sell(id, units) {
      const order = String((await ask('sell', { id: idOf(id), units }))['id'])
      sold.set(order, { stockId: idOf(id), units })
      return order
    },
    cancel: async (order) => void (await ask('cancel', { id: Number(order), ...sold.get(order) })),
    type: async (id, stock) => void (await ask('type', { id: idOf(id), stock })),
    typeFraction: async (id) => void (await ask('fraction', { id: idOf(id) })),
    rename: async (id, sku) => void (await ask('rename', { id: idOf(id), sku })),
    remove: async (id) => void (await ask('remove', { id: idOf(id) })),
    signedHint: signedHint(hookKeyOf(settings), (hint) => {
      return wooCommercePlatform.checkHint?.(settings, hint) ?? 'signature-invalid'
    }),
    copy: {
      begin: async () => void (await ask('address', { address: 'https://copy.example' })),
      claim: async () => void (await ask('claim', {})),
    },
    stockMin: null,
    cannot: {
      beforeNextWrite: 'an adjustment is one transaction: nothing comes between its reading and its writing',
      reopen: 'the connector has nothing on disk',
      hintSwitch: 'its hints are not switched off',
      stopClock: 'the clock of the shop is that of the machine',
      'silent-no-op': 'the plugin looks whether the stock moved; its own tests have the case',
    },
  }
}
