/**
 * The goods of a benchmark: as many SKUs as asked for, with names as long as real ones, and stock that never runs out.
 */
import type { NewProduct } from '../test/harness/client.ts'

const goods = ['Blue enamel mug', 'Knitted wool scarf', 'Oak serving board', 'Brass candle holder', 'Linen tea towel']
/** Units of every SKU at the beginning. */
export const openingStock = 10_000

export function skuOf(index: number): string {
  return `VN-${String(index).padStart(6, '0')}`
}

export function* catalogue(size: number): Generator<NewProduct> {
  for (let index = 0; index < size; index += 1) {
    yield { sku: skuOf(index), name: `${goods[index % goods.length]}, no. ${index}`, stock: openingStock }
  }
}
