/**
 * The commands that only look: the state, the stock, the log.
 */
import type { List, LogItem, MovementItem, StatusAnswer, StockDetail, StockItem } from '@stockmesh/protocol'
import type { Invocation } from './catalogue.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { type Column, plain, printJson, printTable } from './table.ts'
import type { Terminal } from './terminal.ts'

const stockColumns: readonly Column<StockItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'LEVEL', align: 'right', cell: (item) => item.level },
  { title: 'SHOWN', align: 'right', cell: (item) => item.shown },
  { title: 'SHOP', align: 'right', cell: (item) => item.shopLevel },
  { title: 'STATE', cell: (item) => item.state },
  { title: 'NAME', cell: (item) => item.name },
]

const logColumns: readonly Column<LogItem>[] = [
  { title: 'TIME', cell: (item) => item.at },
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'CHANGE', align: 'right', cell: (item) => signed(item.delta) },
  { title: 'LEVEL', align: 'right', cell: (item) => item.levelAfter },
  { title: 'CAUSE', cell: (item) => item.cause },
  { title: 'REFERENCE', cell: (item) => item.reference },
  { title: 'RESULT', cell: (item) => item.result },
  { title: 'SHOP', cell: (item) => item.member },
]

const movementColumns: readonly Column<MovementItem>[] = [
  { title: 'TIME', cell: (movement) => movement.at },
  { title: 'CHANGE', align: 'right', cell: (movement) => signed(movement.delta) },
  { title: 'LEVEL', align: 'right', cell: (movement) => movement.levelAfter },
  { title: 'CAUSE', cell: (movement) => movement.cause },
  { title: 'REFERENCE', cell: (movement) => movement.reference },
  { title: 'SHOP', cell: (movement) => movement.member },
]

export async function status(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const answer = await (await connectNode(invocation)).call<StatusAnswer>('GET', '/status')
  if (settings.json) printJson(terminal, answer)
  else printStatus(terminal, answer)
  return 0
}

function printStatus(
  terminal: Terminal,
  { node, shop, network, import: progress, stock: counts, pending }: StatusAnswer,
): void {
  const members = network?.members ?? []
  const online = members.filter((member) => member.online).length
  const step = network?.inStep === true ? 'in step' : 'not in step'
  const lines = [
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
  const list = await node.readAll<StockItem>('/stock')
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('There is no stock yet. Begin with: stockmesh import\n')
  else printTable(terminal, stockColumns, list.items)
  return 0
}

async function explainSku({ settings, terminal }: Invocation, node: NodeClient, sku: string): Promise<number> {
  const path = `/stock/${encodeURIComponent(sku)}`
  const detail = await node.call<StockDetail>('GET', path)
  if (settings.json) {
    printJson(terminal, detail)
    return 0
  }
  printTable(terminal, stockColumns, [detail])
  const sums = detail.byShop.map(({ member, added, removed }) => `${plain(member)} +${added} -${removed}`)
  if (detail.baseline !== null) {
    terminal.print(`\n${[`Baseline ${detail.baseline.quantity}`, ...sums].join(', ')} = ${plain(detail.level)}\n`)
  }
  const movements = await node.call<List<MovementItem>>('GET', `${path}/movements`)
  if (movements.items.length > 0) {
    terminal.print('\n')
    printTable(terminal, movementColumns, movements.items)
  }
  return 0
}

export async function log(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const filter = settings.sku === null ? '' : `?sku=${encodeURIComponent(settings.sku)}`
  const list = await (await connectNode(invocation)).call<List<LogItem>>('GET', `/log${filter}`)
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('Nothing has changed yet.\n')
  else printTable(terminal, logColumns, list.items)
  return 0
}

function signed(delta: number | null): string | null {
  return delta !== null && delta > 0 ? `+${delta}` : delta === null ? null : String(delta)
}
