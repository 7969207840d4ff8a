/** Each language is named in itself, so that it is found by those who cannot read the other. */
import type { JSX } from 'preact'
import { chooseLanguage, language } from '../text/language.ts'
import { Choice } from './choice.tsx'

const languages = [
  ['da', 'Dansk'],
  ['en', 'English'],
] as const

export function LanguageSwitch({ label }: { readonly label: string }): JSX.Element {
  return <Choice label={label} isLabelHidden value={language.value} options={languages} onChange={chooseLanguage} />
}
