/** Chooses the language of the pages on this computer. */
import type { JSX } from 'preact'
import { chooseLanguage, language, languageNames } from '../text/language.ts'
import { Choice } from './choice.tsx'

export function LanguageSwitch({ label }: { readonly label: string }): JSX.Element {
  return <Choice label={label} isLabelHidden value={language.value} options={languageNames} onChange={chooseLanguage} />
}
