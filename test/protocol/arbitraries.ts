/**
 * Shared generators for the protocol tests. STOCKMESH_SEED replays a random test exactly; without it every run takes
 * a new seed, which fast-check prints with a failure.
 */
import fc from 'fast-check'
import { decodeShopId, type Rid, ridOf, type ShopId, shopIdBytes } from '../../packages/protocol/src/ids.ts'
import type { Issued } from '../../packages/protocol/src/level.ts'
import { momentMsMax } from '../../packages/protocol/src/limits.ts'
import type { Movement } from '../../packages/protocol/src/movement.ts'
import type {
  Baseline,
  BaselineRecord,
  ListedRecord,
  StockRecord,
  TotalsRecord,
} from '../../packages/protocol/src/record.ts'
import { type SkuKey, skuKey } from '../../packages/protocol/src/sku.ts'

const given = process.env['STOCKMESH_SEED']
export const seed: number = given === undefined ? Date.now() % 2_147_483_647 : Number(given)

/** `fc.assert` with the seed of this run. */
export function check<T>(property: fc.IProperty<T>, runs = 200): void {
  fc.assert(property, { seed, numRuns: runs })
}

/** The shop whose id is made of one byte: shops of higher bytes have higher ids, for bytes below 208. */
export function shopAt(byte: number): ShopId {
  return decodeShopId(new Uint8Array(shopIdBytes).fill(byte))
}

/** The `epoch`-th replica of a shop. */
export function ridAt(shop: ShopId, epoch = 1): Rid {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(epoch))
  return ridOf(shop, bytes)
}

export function keyOf(text: string): SkuKey {
  const key = skuKey(text)
  if (key === null) throw new Error(`not a SKU: ${text}`)
  return key
}

export function totals(seq: number, added: number, removed: number, key = 'a'): TotalsRecord {
  return { kind: 'totals', seq, key: keyOf(key), added, removed }
}

export function baseline(seq: number, quantity: number, more: Partial<Baseline> = {}, key = 'a'): BaselineRecord {
  const of: Baseline = { kind: 'first', quantity, stamp: 1_000, covers: [], ...more }
  return { kind: 'baseline', seq, key: keyOf(key), text: key, name: '', baseline: of }
}

export function listed(seq: number, value: boolean, stamp: number, key = 'a'): ListedRecord {
  return { kind: 'listed', seq, key: keyOf(key), text: key, name: '', value, stamp }
}

export const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
export const anyShop: fc.Arbitrary<ShopId> = bytesOf(shopIdBytes).map(decodeShopId)
export const anyRid: fc.Arbitrary<Rid> = fc.tuple(anyShop, bytesOf(8)).map(([shop, epoch]) => ridOf(shop, epoch))
/** Well-formed text: what an encoding can carry. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: 'binary', maxLength: Math.min(maxLength, 40) }).filter((text) => text.length <= maxLength)
const anyKey: fc.Arbitrary<SkuKey> = anyText(500)
  .map((text) => skuKey(text))
  .filter((key) => key !== null)

const safe = fc.nat(Number.MAX_SAFE_INTEGER)
const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const net = fc.integer({ min: -(2 ** 52), max: 2 ** 52 })
const anyBaseline: fc.Arbitrary<Baseline> = fc.record({
  kind: fc.constantFrom('first' as const, 'count' as const),
  quantity: net,
  stamp: safe,
  covers: fc.array(fc.record({ rid: anyRid, seq: safe, net }), { maxLength: 4 }),
})

/** Any record that an origin may encode. */
export const anyRecord: fc.Arbitrary<StockRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('totals' as const),
    seq,
    key: anyKey,
    added: fc.nat(2 ** 52 - 1),
    removed: fc.nat(2 ** 52 - 1),
  }),
  fc.record({
    kind: fc.constant('baseline' as const),
    seq,
    key: anyKey,
    text: anyText(500),
    name: anyText(500),
    baseline: anyBaseline,
  }),
  fc.record({
    kind: fc.constant('listed' as const),
    seq,
    key: anyKey,
    text: anyText(500),
    name: anyText(500),
    value: fc.boolean(),
    stamp: safe,
  }),
)

export const anyMovement: fc.Arbitrary<Movement> = fc.record({
  delta: net,
  cause: fc.constantFrom('unknown', 'sale', 'cancel', 'return', 'manual', 'stock-count', 'received', 'created'),
  reference: fc.option(anyText(200).filter((text) => text !== '')),
  at: fc.nat(momentMsMax),
  levelBefore: fc.option(net),
  levelAfter: fc.option(net),
})

/** Three shops with two replicas each. */
const someRids: readonly Rid[] = [1, 2, 3].flatMap((byte) => [ridAt(shopAt(byte), 1), ridAt(shopAt(byte), 2)])

/**
 * What some replicas issued for one SKU, in the order of issue: for one replica a larger seq never has a smaller total,
 * and the same seq never has different content.
 */
export const anyHistory: fc.Arbitrary<readonly Issued<StockRecord>[]> = fc
  .array(
    fc.record({
      rid: fc.constantFrom(...someRids),
      step: fc.oneof(
        { weight: 4, arbitrary: fc.record({ delta: fc.integer({ min: -50, max: 50 }) }) },
        fc.record({
          kind: fc.constantFrom('first' as const, 'count' as const),
          quantity: fc.integer({ min: -20, max: 200 }),
          stamp: fc.nat(5),
          seen: fc.nat(100),
        }),
        fc.record({ value: fc.boolean(), stamp: fc.nat(5) }),
      ),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const history: Issued<StockRecord>[] = []
    const high = new Map<Rid, number>()
    const last = new Map<Rid, TotalsRecord>()
    for (const { rid, step } of steps) {
      const next = (high.get(rid) ?? 0) + 1
      high.set(rid, next)
      if ('delta' in step) {
        const { delta } = step
        const before = last.get(rid)
        const record = totals(
          next,
          (before?.added ?? 0) + Math.max(0, delta),
          (before?.removed ?? 0) + Math.max(0, -delta),
        )
        last.set(rid, record)
        history.push({ rid, record })
      } else if ('value' in step) history.push({ rid, record: { ...listed(next, step.value, step.stamp), text: rid } })
      else {
        const { kind, quantity, stamp, seen } = step
        // A count covers what its author had seen: of each replica some record that was issued before.
        const covers =
          kind === 'first'
            ? []
            : someRids.flatMap((of) => {
                const issued = history.filter((one) => one.rid === of && one.record.kind === 'totals')
                const one = issued[seen % (issued.length + 1)]?.record
                return one?.kind === 'totals' ? [{ rid: of, seq: one.seq, net: one.added - one.removed }] : []
              })
        history.push({ rid, record: baseline(next, quantity, { kind, stamp, covers }) })
      }
    }
    return history
  })
