/** What happened in a world, line by line: everything, or what concerns one SKU. */
import { createHash } from 'node:crypto'
import { levelOf, recordsOf, type SkuKey, skuKey } from '@stockmesh/protocol'
import type { World } from './world.ts'

/** Every key begins with the byte of its table. */
const everything = { gte: Uint8Array.of(0), lt: Uint8Array.of(255) }

export function trace(world: World, key: SkuKey | null): string {
  const notes = world.notes
    .filter(({ about }) => key === null || about === null || skuKey(about) === key)
    .map(
      ({ at, about, text }) => `${(at / 1_000).toFixed(3).padStart(8)} s  ${about === null ? '' : `${about}: `}${text}`,
    )
  return `${[...notes, ...(key === null ? [...standings(world), ...disks(world)] : ends(world, key))].join('\n')}\n`
}

/** Whom each node takes for a member, and how its join request and its import stand. */
function standings(world: World): string[] {
  return world.nodes.map(({ name, ids, node, facade }) => {
    if (node === null) return `--- ${name} is down`
    const named = (shop: string): string => {
      const known = world.nodes.find((each) => (each.ids as readonly string[]).includes(shop))
      return known === undefined ? shop : `${known.name}${(known.ids as readonly string[]).indexOf(shop)}`
    }
    const { network } = node
    const members = network.members.map(
      ({ shopId }) => `${named(shopId)}${network.link.connected().has(shopId) ? '+' : ''}`,
    )
    const out = (network.membership.view?.removed ?? []).map(named)
    const waiting = network.incoming.list().map(({ name: joiner, state }) => `${joiner} ${state}`)
    const facts = [`of ${members.join(' ')}`, `without ${out.join(' ')}`, `asked by ${waiting.join(', ')}`]
    return `--- ${name}${ids.length - 1} ${facts.join('; ')}; join ${JSON.stringify(facade.joinState())}, import ${facade.importState().state}`
  })
}

/** Two runs that end with other bytes on a disk were not the same. */
function disks(world: World): string[] {
  return world.nodes.map(({ name, disk }) => {
    const hash = createHash('sha256')
    for (const [key, value] of disk.scan(everything)) hash.update(key).update(value)
    return `--- the disk of ${name}: ${hash.digest('hex')}`
  })
}

function ends(world: World, key: SkuKey): string[] {
  const lines: string[] = []
  for (const { name, node, shop } of world.nodes) {
    const { rows, start } = shop.truth()
    lines.push(`--- the shop of ${name}, attached at ${start}`)
    for (const { id, kind, sku, delta, stock, unique, opId } of rows) {
      if (sku === null || skuKey(sku) !== key) continue
      lines.push(
        `    ${id} ${kind} ${delta} -> ${stock}${unique ? '' : ' not unique'}${opId === null ? '' : ` ${opId.slice(0, 6)}`}`,
      )
    }
    if (node === null) {
      lines.push(`--- ${name} is down`)
      continue
    }
    const { totals, baselines, listed } = recordsOf(node.ledger.holdings, key)
    lines.push(`--- ${name} (${node.self.slice(0, 6)}): level ${levelOf(recordsOf(node.ledger.holdings, key))}`)
    for (const { rid, record } of totals)
      lines.push(`    ${short(rid)} +${record.added} -${record.removed} at ${record.seq}`)
    for (const { rid, record } of baselines) lines.push(`    ${short(rid)} baseline ${JSON.stringify(record.baseline)}`)
    for (const { rid, record } of listed) lines.push(`    ${short(rid)} listed ${record.value}`)
    lines.push(`    rows ${JSON.stringify(node.shop.book.rowsOf(key))}`)
  }
  return lines
}

function short(rid: string): string {
  return `${rid.slice(0, 6)}-${rid.slice(-4)}`
}
