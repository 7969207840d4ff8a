/**
 * `stockmesh log` and `stockmesh events`. Following begins with the event stream and reads the list afterwards, so that
 * no line is lost between the two; a line that came both ways is shown once.
 */
import { type LogItem, skuKey } from '@stockmesh/protocol'
import { listOf } from '../http/answer-schema.ts'
import { logItem } from '../http/answers.ts'
import { fits } from './answer-fit.ts'
import type { Invocation } from './client-command.ts'
import { followEvents } from './event-stream.ts'
import { caughtUpLinesMax, followedLines } from './limits.ts'
import { readMemberNames } from './member-names.ts'
import { isPassing } from './node-call-error.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { plain, printJson, shortTime, signed } from './cell.ts'
import { type Column, openTable, printTable } from './table.ts'

type NameOf = (member: string) => string

function columnsOf(nameOf: NameOf): readonly Column<LogItem>[] {
  return [
    { title: 'TIME', cell: (item) => shortTime(item.at) },
    { title: 'SKU', widthMin: 8, cell: (item) => item.sku },
    { title: 'CHANGE', align: 'right', cell: (item) => signed(item.delta) },
    { title: 'LEVEL', align: 'right', cell: (item) => item.levelAfter },
    { title: 'CAUSE', widthMin: 'stock-count'.length, cell: (item) => item.cause },
    { title: 'SHOP', isFlexible: true, cell: (item) => nameOf(item.member) },
    { title: 'REFERENCE', isFlexible: true, cell: (item) => item.reference },
    { title: 'RESULT', isFlexible: true, cell: (item) => item.result },
  ]
}

export async function log(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const node = await connectNode(invocation)
  if (settings.follow) return await follow(invocation, node)
  const list = await node.call('GET', logPath(settings.sku, null), listOf(logItem))
  if (settings.json) printJson(terminal, list)
  else if (list.items.length === 0) terminal.print('Nothing has changed yet.\n')
  else printTable(terminal, columnsOf(await readMemberNames(node)), list.items)
  return 0
}

export async function events(invocation: Invocation): Promise<number> {
  const { terminal } = invocation
  for await (const event of followEvents(await connectNode(invocation), terminal)) {
    if (event.kind === 'event') {
      const { name, id, data } = event
      terminal.print(`${JSON.stringify({ event: name, id, data })}\n`)
    }
  }
  return 0
}

async function follow({ settings, terminal }: Invocation, node: NodeClient): Promise<number> {
  const table = openTable(terminal, columnsOf(settings.json ? String : await readMemberNames(node)))
  const told = new ToldLines()
  const show = (items: readonly LogItem[]): void => {
    const fresh = told.fresh(items)
    if (!settings.json) table(fresh)
    else for (const item of fresh) terminal.print(`${JSON.stringify(item)}\n`)
  }
  const read = async (limit: number): Promise<readonly LogItem[]> =>
    (await node.call('GET', logPath(settings.sku, limit), listOf(logItem))).items
  const wanted = settings.sku === null ? null : (skuKey(settings.sku) ?? settings.sku)
  let hasGap = false
  for await (const event of followEvents(node, terminal)) {
    if (event.kind === 'lost') terminal.warn(`${plain(event.reason)} Trying again until Ctrl-C ...\n`)
    else if (event.kind === 'event' && event.name === 'log') {
      if (!fits(logItem, event.data)) continue
      const { sku } = event.data
      if (wanted === null || (sku !== null && skuKey(sku) === wanted)) show([event.data])
    } else if (event.kind === 'open' && event.isFirst) show((await read(followedLines)).toReversed())
    else if (hasGap || (event.kind === 'open' ? event.mayMiss : event.name === 'reset')) {
      hasGap = true
      const latest = await read(caughtUpLinesMax).catch(nullWhenPassing)
      if (latest === null) continue
      show(told.since(latest).toReversed())
      hasGap = false
    }
  }
  return 0
}

/** A node that is away for a moment is asked again after its next event. */
function nullWhenPassing(error: unknown): null {
  if (isPassing(error)) return null
  throw error
}

function logPath(sku: string | null, limit: number | null): string {
  const query = new URLSearchParams()
  if (sku !== null) query.set('sku', sku)
  if (limit !== null) query.set('limit', String(limit))
  return query.size === 0 ? '/log' : `/log?${query.toString()}`
}

/**
 * The lines that were shown last. A line has no id of its own: what is the same in every field, with the level after
 * it, is the same line.
 */
class ToldLines {
  /** As JSON, in the order of showing. */
  readonly #told = new Set<string>()

  /** Those that were not shown yet, which are from now on. */
  fresh(items: readonly LogItem[]): readonly LogItem[] {
    const fresh = items.filter((item) => !this.#told.has(JSON.stringify(item)))
    for (const item of fresh) this.#told.add(JSON.stringify(item))
    for (const text of this.#told) {
      if (this.#told.size <= caughtUpLinesMax) break
      this.#told.delete(text)
    }
    return fresh
  }

  /** Of the newest lines, the latest first: those after the latest that was shown. */
  since(items: readonly LogItem[]): readonly LogItem[] {
    const index = items.findIndex((item) => this.#told.has(JSON.stringify(item)))
    return index < 0 ? items : items.slice(0, index)
  }
}
