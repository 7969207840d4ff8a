/**
 * Must be imported before anything that imports Yjs: its client ids come from the platform's random source, which is
 * made to follow the seed here, so that a run can be repeated to the byte.
 */
import { webcrypto } from 'node:crypto'
import { SeededRandom } from '../protocol/random.ts'

let random = new SeededRandom(0)

Object.defineProperty(webcrypto, 'getRandomValues', {
  configurable: true,
  value<T extends ArrayBufferView>(array: T): T {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = random.below(256)
    return array
  },
})

export function seedCrypto(seed: number): void {
  random = new SeededRandom(seed)
}
