/** A list to take along: as the spreadsheets of the user's language read it, and plain for programs. */
import type { JSX } from 'preact'
import { pathWith } from '../api/query.ts'
import { language } from '../text/language.ts'

interface CsvLinksProps {
  /** With `.csv` at its end. */
  readonly path: string
  readonly filter?: Readonly<Record<string, string>>
  readonly words: { readonly csv: string; readonly csvPlain: string }
}

export function CsvLinks({ path, filter = {}, words }: CsvLinksProps): JSX.Element {
  return (
    <>
      <a class="button" href={pathWith(path, { ...filter, locale: language.value })} download>
        {words.csv}
      </a>{' '}
      <a class="button button-quiet" href={pathWith(path, filter)} download>
        {words.csvPlain}
      </a>
    </>
  )
}
