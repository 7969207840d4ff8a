/** A page whose code is fetched when somebody first opens it, so that the first page is small. */
import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { text } from '../text/admin-language.ts'

type PageCode = () => JSX.Element | null

const retryMs = 3000

export function late(load: () => Promise<PageCode>): PageCode {
  const code = signal<{ readonly Page: PageCode } | null>(null)
  return function Late(): JSX.Element {
    useEffect(() => {
      let timer: ReturnType<typeof setTimeout> | undefined
      let isGone = false
      async function fetchCode(): Promise<void> {
        try {
          code.value ??= { Page: await load() }
        } catch {
          // The node may be away for a moment.
          if (!isGone) timer = setTimeout(() => void fetchCode(), retryMs)
        }
      }
      void fetchCode()
      return () => {
        isGone = true
        clearTimeout(timer)
      }
    }, [])
    const Page = code.value?.Page
    return Page === undefined ? <p class="muted">{text.value.common.loading}</p> : <Page />
  }
}
