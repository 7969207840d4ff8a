/**
 * What must hold of movements when a world has come to rest, read from the disks: at every node, for each replica and
 * SKU, what was carried and the movements add up to the totals, and every node explains a SKU with the same movements.
 */
import { decodeHistoryRow, noHistory, type Rid, shopOfRid, type SkuKey } from '@stockmesh/protocol'
import { checkHistories } from '../../packages/node/src/ledger/history-check.ts'
import { movementRange } from '../../packages/node/src/ledger/history-rows.ts'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { Entry, Range, Snapshot } from '../../packages/node/src/storage/storage.ts'
import type { SimNode } from './sim-node.ts'
import type { World } from './world.ts'

type Fail = (key: SkuKey | null, message: string) => never

/**
 * A replica of which this node does not hold all movements that it could; null for none. Of a shop that left before
 * anybody asked, or forgot its own when its disk was put back, nobody can.
 */
export function missingHistory(world: World, stock: StockNode): Rid | null {
  for (const [rid, { high }] of stock.ledger.claims()) {
    const others = world.nodes.map(({ node }) => completeAt(node, rid))
    const wanted = world.nodes.some(({ id, putBack }) => id === shopOfRid(rid) && !putBack) ? high : Math.max(...others)
    if (completeAt(stock, rid) < wanted) return rid
  }
  return null
}

export async function checkHistory(world: World, fail: Fail): Promise<void> {
  const rows = new Map<string, { readonly node: string; readonly bytes: Buffer }>()
  for (const each of world.nodes) {
    const { node } = each
    if (node === null) continue
    const { holdings, histories } = node.ledger
    for await (const { rid, key, message } of checkHistories(diskOf(each), holdings, histories)) {
      fail(key, `${each.name}, ${rid} ${key ?? ''}: ${message}`)
    }
    for (const [rid, { first, through, adopted }] of histories) {
      const dropped = Math.max(1, ...world.nodes.map((other) => droppedAt(other.node, rid)))
      if (adopted > dropped) fail(null, `${each.name} left out movements of ${rid} below ${adopted}`)
      for await (const [key, value] of diskOf(each).scan(movementRange(rid, first, through))) {
        const bytes = Buffer.from(value)
        const place = Buffer.from(key).toString('latin1')
        const known = rows.get(place)
        if (known === undefined) rows.set(place, { node: each.name, bytes })
        else if (!known.bytes.equals(bytes) && !(isPutBack(world, rid) && differInLevelOnly(known.bytes, bytes))) {
          const row = decodeHistoryRow(bytes)
          fail(row.ok ? row.value.key : null, `${known.node} and ${each.name} tell a movement of ${rid} differently`)
        }
      }
    }
  }
}

function isPutBack(world: World, rid: Rid): boolean {
  return world.nodes.some((node) => node.wasPutBack(shopOfRid(rid)))
}

/** A change that was read again after the disk was put back found another level of the network. */
function differInLevelOnly(one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [one, other].map((bytes) => {
    const row = decodeHistoryRow(bytes)
    if (!row.ok) return null
    const { levelBefore: _before, levelAfter: _after, ...movement } = row.value.movement
    return JSON.stringify({ ...row.value, movement })
  })
  return a !== null && a === b
}

function completeAt(node: StockNode | null, rid: Rid): number {
  return (node?.ledger.histories.get(rid) ?? noHistory).complete
}

/** The oldest movement of a node that once held all of them. */
function droppedAt(node: StockNode | null, rid: Rid): number {
  const { first, adopted } = node?.ledger.histories.get(rid) ?? noHistory
  return adopted === 1 ? first : 1
}

/** The rows of a disk without their checksums. */
function diskOf({ disk }: SimNode): Pick<Snapshot, 'scan' | 'walk'> {
  const rows = (range: Range): Entry[] => disk.scan(range).map(([key, value]) => [key, value.subarray(0, -4)])
  return {
    async *scan(range) {
      yield* rows(range)
    },
    async walk(range, visit) {
      for (const row of rows(range)) visit(row)
    },
  }
}
