/**
 * The commands that only look: the state and the stock.
 */
import type { MovementItem, StatusAnswer } from '@stockmesh/protocol'
import { listOf } from '../http/answer-schema.ts'
import { movementItem, statusAnswer, stockDetail, stockItem } from '../http/answers.ts'
import type { Invocation } from './client-command.ts'
import { readMemberNames } from './member-names.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { pathPart } from './path-part.ts'
import { stockColumns } from './stock-columns.ts'
import { plain, printJson, shortTime, signed } from './cell.ts'
import { type Column, printTable } from './table.ts'
import type { Terminal } from './terminal.ts'

function movementColumns(nameOf: (member: string) => string): readonly Column<MovementItem>[] {
  return [
    { title: 'TIME', cell: (movement) => shortTime(movement.at) },
    { title: 'CHANGE', align: 'right', cell: (movement) => signed(movement.delta) },
    { title: 'LEVEL', align: 'right', cell: (movement) => movement.levelAfter },
    { title: 'CAUSE', cell: (movement) => movement.cause },
    { title: 'SHOP', isFlexible: true, cell: (movement) => nameOf(movement.member) },
    { title: 'REFERENCE', isFlexible: true, cell: (movement) => movement.reference },
  ]
}

export async function status(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const answer = await (await connectNode(invocation)).call('GET', '/status', statusAnswer)
  if (settings.json) printJson(terminal, answer)
  else printStatus(terminal, answer)
  return 0
}

function printStatus(
  terminal: Terminal,
  { node, shop, network, import: progress, stock: counts, pending, stopAll }: StatusAnswer,
): void {
  const members = network?.members ?? []
  const online = members.filter((member) => member.online).length
  const step = network?.inStep === true ? 'in step' : 'not in step'
  const nameOf = (id: string | null): string => members.find((member) => member.id === id)?.name ?? id ?? ''
  const unheard = stopAll.unheard.length === 0 ? '' : `; not heard by ${stopAll.unheard.map(nameOf).join(', ')}`
  const stop = `everything, since ${shortTime(stopAll.since)} by ${nameOf(stopAll.by)}${unheard}. Go on with: stockmesh resume-all`
  const lines = [
    ...(stopAll.stopped ? [['Stopped', stop] as const] : []),
    ['Node', `${node.name}, ${node.url}, release ${node.release}`],
    ['Shop', `${shop.connector} (${shop.promise}), ${shop.state}`],
    ['Network', network === null ? 'none' : `${step}, ${online} of ${members.length} shops online`],
    ['Import', `${progress.state}, ${progress.done} of ${progress.total}`],
    ['Stock', `${counts.skus} SKUs, ${counts.matched} matched, ${counts.oversold} oversold`],
    ['Problems', String(counts.problems)],
    ['Pending', `in ${pending.in}, out ${pending.out}, shop ${pending.shop}`],
  ] as const
  for (const [title, text] of lines) terminal.print(`${title.padEnd(9)} ${plain(text)}\n`)
}

export async function stock(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const node = await connectNode(invocation)
  const [sku] = given
  if (sku !== undefined) return await explainSku(invocation, node, sku)
  const list = await node.readAll('/stock', stockItem)
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('There is no stock yet. Begin with: stockmesh import\n')
  else printTable(terminal, stockColumns, list.items)
  return 0
}

async function explainSku({ settings, terminal }: Invocation, node: NodeClient, sku: string): Promise<number> {
  const path = `/stock/${pathPart(sku)}`
  const detail = await node.call('GET', path, stockDetail)
  if (settings.json) {
    printJson(terminal, detail)
    return 0
  }
  printTable(terminal, stockColumns, [detail])
  const nameOf = await readMemberNames(node)
  const sums = detail.byShop.map(({ member, added, removed }) => `${plain(nameOf(member))} +${added} -${removed}`)
  if (detail.baseline !== null) {
    terminal.print(`\n${[`Baseline ${detail.baseline.quantity}`, ...sums].join(', ')} = ${plain(detail.level)}\n`)
  }
  const movements = await node.call('GET', `${path}/movements`, listOf(movementItem))
  if (movements.items.length > 0) {
    terminal.print('\n')
    printTable(terminal, movementColumns(nameOf), movements.items)
  }
  return 0
}
