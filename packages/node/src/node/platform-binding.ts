/**
 * Ties the stock of a network to the kind of shop, and to the location, that it was read from: another shop under the
 * same stock would take its numbers for sales. What changes the shop therefore leaves the network first.
 */
import type { ShopLocation } from '@stockmesh/protocol'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const boundKey = encodeKey(tables.meta, 'bound-platform')

/** Error: `data-of-another-shop`. */
export async function bindToPlatform(
  storage: Pick<Storage, 'get' | 'write'>,
  platform: string,
  location: ShopLocation | null,
): Promise<void> {
  const now = location === null ? platform : `${platform} at location ${location.id}`
  const stored = await storage.get(boundKey)
  if (stored === undefined) {
    await storage.write([put(boundKey, new TextEncoder().encode(now))])
    return
  }
  const before = new TextDecoder().decode(stored)
  if (before === now) return
  throw new StorageError(
    'data-of-another-shop',
    `This shop is in a network as ${before}, and the node was started for ${now}. Start it as before, or leave the network first.`,
  )
}
