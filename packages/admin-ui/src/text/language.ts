/**
 * The language the user sees: what was chosen on this computer, else the session's, else the browser's. Only a choice
 * of the user is remembered. Each language is a file of its own, fetched when it is wanted; the pages change over to it
 * once it is there, and show the one before until then.
 */
import { type ReadonlySignal, type Signal, batch, computed, effect, signal } from '@preact/signals'
import type { Language } from '@stockmesh/protocol/api'
import { type ErrorText, errorSentence } from './error-text.ts'
import { type Format, createFormat, localeOf } from './format.ts'

/** Each is named in itself, so that it is found by those who cannot read the others. */
export const languageNames: readonly (readonly [Language, string])[] = [
  ['da', 'Dansk'],
  ['sv', 'Svenska'],
  ['nb', 'Norsk'],
  ['en', 'English'],
  ['de', 'Deutsch'],
]

const storageKey = 'stockmesh.language'
const retryMs = 3000

function readChosen(): Language | null {
  try {
    const stored = localStorage.getItem(storageKey)
    return languageNames.find(([one]) => one === stored)?.[0] ?? null
  } catch {
    // Storage may be switched off; then the choice lasts as long as the page.
    return null
  }
}

/** The first of the browser's languages that there is; every kind of Norwegian is served in bokmål. */
export function languageOf(browserLanguages: readonly string[]): Language {
  for (const tag of browserLanguages) {
    const [first = ''] = tag.toLowerCase().split('-')
    const wantedOne = ['no', 'nn'].includes(first) ? 'nb' : first
    const found = languageNames.find(([one]) => one === wantedOne)
    if (found !== undefined) {
      return found[0]
    }
  }
  return 'en'
}

/** A language as its file brings it to a kind of pages. */
interface LanguageFile<Text> {
  readonly createText: (format: Format) => Text
  readonly errors: ErrorText
}

type LanguageFiles<Text> = Readonly<Record<Language, () => Promise<LanguageFile<Text>>>>

const chosen: Signal<Language | null> = signal(readChosen())
const offered: Signal<Language | null> = signal(null)
const wanted = computed(() => chosen.value ?? offered.value ?? languageOf(navigator.languages))
const spoken: Signal<{ readonly language: Language; readonly errors: ErrorText } | null> = signal(null)

export const language: ReadonlySignal<Language> = computed(() => spoken.value?.language ?? wanted.value)
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
  return errorSentence(spoken.value?.errors ?? null, failure.code, failure.message)
}

export interface Speech<Text> {
  readonly text: ReadonlySignal<Text>
  /** Resolves when the language that is wanted now is there: what is drawn before has no words. */
  ready(): Promise<void>
}

/** The sentences of one kind of pages. A file that does not arrive is asked for again while its language is wanted. */
export function speakFrom<Text>(files: LanguageFiles<Text>): Speech<Text> {
  const file: Signal<LanguageFile<Text> | null> = signal(null)
  let arrival = Promise.resolve()
  effect(() => {
    arrival = fetchFile(wanted.value)
  })
  async function fetchFile(next: Language): Promise<void> {
    while (next === wanted.peek()) {
      try {
        const fetched = await files[next]()
        if (next === wanted.peek()) {
          batch(() => {
            file.value = fetched
            spoken.value = { language: next, errors: fetched.errors }
          })
        }
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, retryMs))
      }
    }
  }
  return {
    text: computed(() => {
      if (file.value === null) {
        throw new Error('There is no text before a language has arrived.')
      }
      return file.value.createText(format.value)
    }),
    async ready() {
      // Another language may be wanted by the time that one has arrived.
      while (spoken.peek()?.language !== wanted.peek()) {
        await arrival
      }
    },
  }
}
