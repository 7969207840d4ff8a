/**
 * The shop as it stands on disk at an opening: products, stock rows, the feed's end and the counters, read into RAM.
 * A new database gets its first row here.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { ShopProduct } from '@stockmesh/protocol'
import type { Random } from '../ports.ts'
import { lastNumber, prefixRange } from '../storage/key.ts'
import { put, type Storage, StorageError } from '../storage/storage.ts'
import { Catalogue } from './catalogue.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import {
  type AttachmentRecord,
  type Counters,
  idOfNumber,
  keys,
  type ProductRecord,
  type ShopMeta,
  shopFormat,
  type StockRecord,
  tables,
} from './shop-table.ts'
import { identityOf } from './stock-identity.ts'
import type { ShopSequence } from './transaction.ts'

export interface ShopState {
  readonly shopId: string
  readonly catalogue: Catalogue
  readonly sequence: ShopSequence
}

/** Writes the first row even where it stands already: whoever reads the answer knows that the disk takes writes. */
export async function readShopState(storage: Storage, random: Random): Promise<ShopState> {
  const found = await readValue<ShopMeta>(storage, keys.meta())
  if (found !== null && found.format !== shopFormat) {
    throw new StorageError('database-format', 'This shop was written by another release of Stockmesh.')
  }
  const meta: ShopMeta = found ?? { format: shopFormat, shopId: bytesToHex(random.bytes(4)) }
  await storage.write([put(keys.meta(), encodeJson(meta))])
  return {
    shopId: meta.shopId,
    catalogue: await readCatalogue(storage),
    sequence: {
      counters: (await readValue<Counters>(storage, keys.counters())) ?? { product: 0, stock: 0, order: 0 },
      feedEnd: await readFeedEnd(storage),
      attachment: await readValue<AttachmentRecord>(storage, keys.attachment()),
    },
  }
}

async function readCatalogue(storage: Storage): Promise<Catalogue> {
  const catalogue = new Catalogue()
  const productsByRow = new Map<string, ShopProduct[]>()
  for await (const [key, value] of storage.scan(prefixRange(tables.product))) {
    const product = { id: idOfNumber(lastNumber(key)), ...decodeJson<ProductRecord>(value) }
    catalogue.putProduct(product)
    const { id, parentId, sku, name, stockId } = product
    const products = productsByRow.get(stockId) ?? []
    products.push({ id, parentId, sku, name })
    productsByRow.set(stockId, products)
  }
  for await (const [key, value] of storage.scan(prefixRange(tables.stock))) {
    const stockId = idOfNumber(lastNumber(key))
    const products = productsByRow.get(stockId) ?? []
    catalogue.putRow({ stockId, products, ...identityOf(products), ...decodeJson<StockRecord>(value) })
  }
  return catalogue
}

async function readFeedEnd(storage: Storage): Promise<number> {
  for await (const [key] of storage.scan({ ...prefixRange(tables.feed), reverse: true, limit: 1 })) {
    return lastNumber(key)
  }
  return 0
}

async function readValue<T>(storage: Storage, key: Uint8Array): Promise<T | null> {
  const value = await storage.get(key)
  return value === undefined ? null : decodeJson<T>(value)
}
