/** Lines of the log: what changed, where, why and with which result. Folds into cards on a phone. */
import type { LogItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { memberName } from '../live/live-store.ts'
import { Count, Delta } from '../parts/count.tsx'
import { Moment } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import { referenceWords } from './movement-reference.ts'
import { formatRoute } from './route.ts'

interface LogTableProps {
  readonly items: readonly LogItem[]
  /** Without the columns that only the log page has room for. */
  readonly isShort?: boolean
}

export function LogTable({ items, isShort = false }: LogTableProps): JSX.Element {
  const words = text.value.log
  const productWords = text.value.products
  return (
    <div class="table-frame">
      <table class="table table-fold">
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.shop}</th>
            <th scope="col">{productWords.sku}</th>
            <th scope="col">{productWords.name}</th>
            <th scope="col" class="right">
              {words.change}
            </th>
            <th scope="col" class="right">
              {words.after}
            </th>
            <th scope="col">{words.cause}</th>
            {!isShort && <th scope="col">{words.reference}</th>}
            {!isShort && <th scope="col">{words.result}</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <LogRow key={keyOf(item)} item={item} isShort={isShort} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Lines have no id; a movement's moment, shop and level after it tell it from every other in one list. */
function keyOf(item: LogItem): string {
  return [item.at, item.member, item.sku, item.delta, item.levelAfter, item.cause, item.reference].join('|')
}

function LogRow({ item, isShort }: { readonly item: LogItem; readonly isShort: boolean }): JSX.Element {
  const words = text.value.log
  return (
    <tr>
      <td class="fold-aside muted">
        <Moment at={item.at} />
      </td>
      <td data-label={words.shop}>{memberName(item.member)}</td>
      <td class={item.sku === null ? 'mono fold-title fold-hide' : 'mono fold-title'}>
        {item.sku === null ? (
          <span class="muted">–</span>
        ) : (
          <a href={formatRoute('products', { q: item.sku, open: item.sku })}>{item.sku}</a>
        )}
      </td>
      <td class="fold-wide">{item.name ?? (isShort && item.sku === null ? resultLabel(item.result) : '')}</td>
      <td class={item.delta === null ? 'right fold-hide' : 'right'} data-label={words.change}>
        <Delta value={item.delta} />
      </td>
      <td class={item.levelAfter === null ? 'right fold-hide' : 'right'} data-label={words.after}>
        <Count value={item.levelAfter} />
      </td>
      <td data-label={words.cause}>
        {causeLabel(item.cause)}
        {isShort && item.reference !== null && <span class="muted"> {referenceWords(item)}</span>}
      </td>
      {!isShort && (
        <td data-label={words.reference} class="break">
          {referenceWords(item) ?? <span class="muted">–</span>}
        </td>
      )}
      {!isShort && <td data-label={words.result}>{resultLabel(item.result)}</td>}
    </tr>
  )
}

export function causeLabel(cause: string): string {
  const words = text.value.log
  const causes: Readonly<Record<string, string>> = words.causes
  return causes[cause] ?? words.events[cause] ?? cause
}

/** What the node writes about an event is a short English phrase; its facts are told in the user's language. */
function resultLabel(result: string): string {
  const words = text.value.log
  const [, from, to] = /^(-?\d+) replaced by (-?\d+)$/.exec(result) ?? []
  if (from !== undefined && to !== undefined) {
    return words.replaced(Number(from), Number(to))
  }
  const [, fact, value] = /^(shop|products): (.+)$/.exec(result) ?? []
  if (value === undefined) {
    return words.results[result] ?? result
  }
  return fact === 'shop' ? value : words.imported(Number(value))
}
