/** Where the list's window stands, and the way on; nothing for a list that is seen whole at a glance. */
import type { JSX } from 'preact'
import type { PagedList } from '../api/paged-list.ts'
import { text } from '../text/admin-language.ts'

const glanceRowsMax = 5

export function Pager<T>({ list }: { readonly list: PagedList<T> }): JSX.Element | null {
  const rows = list.items.value?.length ?? 0
  if (rows === 0 || list.total.value <= glanceRowsMax) {
    return null
  }
  const words = text.value.common
  const first = list.before.value + 1
  return (
    <div class="pager">
      {list.before.value > 0 && (
        <button type="button" class="button" disabled={list.isLoading.value} onClick={() => list.previous()}>
          {words.previous}
        </button>
      )}
      <span class="muted">{words.rows(first, list.before.value + rows, Math.max(list.total.value, rows))}</span>
      {list.next.value !== null && (
        <button type="button" class="button" disabled={list.isLoading.value} onClick={() => list.more()}>
          {words.more}
        </button>
      )}
    </div>
  )
}
