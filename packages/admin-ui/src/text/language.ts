/**
 * The language the user sees: what was chosen on this computer, else the session's, else the browser's.
 * Only a choice of the user is remembered.
 */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import { errorSentence } from './error-text.ts'
import { type Format, type Language, createFormat, localeOf } from './format.ts'

const storageKey = 'stockmesh.language'

function readChosen(): Language | null {
  try {
    const stored = localStorage.getItem(storageKey)
    return stored === 'da' || stored === 'en' ? stored : null
  } catch {
    // Storage may be switched off; then the choice lasts as long as the page.
    return null
  }
}

function browserLanguage(): Language {
  const first = navigator.languages.find((one) => /^(da|en)\b/i.test(one))
  return first?.toLowerCase().startsWith('da') === true ? 'da' : 'en'
}

const chosen: Signal<Language | null> = signal(readChosen())
const offered: Signal<Language | null> = signal(null)

export const language: ReadonlySignal<Language> = computed(() => chosen.value ?? offered.value ?? browserLanguage())
export const format: ReadonlySignal<Format> = computed(() =>
  createFormat(localeOf(language.value, navigator.languages)),
)

export function chooseLanguage(next: Language): void {
  chosen.value = next
  try {
    localStorage.setItem(storageKey, next)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The session's language applies until the user has chosen one. */
export function offerLanguage(next: Language | null): void {
  offered.value = next
}

export function sentenceFor(failure: { readonly code: string; readonly message: string }): string {
  return errorSentence(language.value, failure.code, failure.message)
}
