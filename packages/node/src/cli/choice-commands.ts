/**
 * `stockmesh buffer`, `leave-out` and `take-in`: what a person chooses for single SKUs in this shop.
 */
import type { SkuChoiceItem } from '@stockmesh/protocol'
import { skuChoiceItem } from '../http/sku-choice-routes.ts'
import type { Invocation } from './client-command.ts'
import { connectNode } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { plain, printJson, shortTime, signed } from './cell.ts'
import { type Column, printTable } from './table.ts'

const columns: readonly Column<SkuChoiceItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'LEVEL', align: 'right', cell: (item) => item.level },
  { title: 'SHOWN', align: 'right', cell: (item) => item.shown },
  { title: 'BUFFER', align: 'right', cell: (item) => item.buffer },
  { title: 'LEFT OUT', cell: ({ leftOut }) => (leftOut === null ? null : shortTime(leftOut.since)) },
  { title: 'DIFFERENCE', align: 'right', cell: ({ leftOut }) => signed(leftOut?.difference ?? null) },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
]

export async function buffer(invocation: Invocation): Promise<number> {
  const [sku, units] = invocation.given
  if (sku === undefined) return await list(invocation)
  if (units === undefined) return await choose(invocation, {})
  return await choose(invocation, { buffer: units === 'none' ? null : Number(units) })
}

export async function leaveOut(invocation: Invocation): Promise<number> {
  return await choose(invocation, { leftOut: true })
}

export async function takeIn(invocation: Invocation): Promise<number> {
  const { differences } = invocation.settings
  return await choose(invocation, { leftOut: false, ...(differences === null ? {} : { differences }) })
}

async function list(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const choices = await (await connectNode(invocation)).readAll('/sku-choices', skuChoiceItem)
  if (settings.json) printJson(terminal, choices)
  else if (choices.items.length > 0) printTable(terminal, columns, choices.items)
  else terminal.print('No SKU has a buffer of its own, and none is left out.\n')
  return 0
}

async function choose(invocation: Invocation, change: object): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const item = await node.call('PATCH', `/stock/${pathPart(given[0] ?? '')}`, skuChoiceItem, { body: change })
  if (settings.json) printJson(terminal, item)
  else terminal.print(`${plain(item.sku)}: ${sentenceOf(item)}\n`)
  return 0
}

function sentenceOf({ buffer: held, leftOut, shown }: SkuChoiceItem): string {
  if (leftOut !== null) {
    return `left out since ${shortTime(leftOut.since)}; the shop itself changed it by ${signed(leftOut.difference)}.`
  }
  const own = held === null ? 'the buffer of the shop holds' : `${held} held back here`
  return shown === null ? `${own}.` : `${own}; the shop shows ${shown}.`
}
