/** The admin pages' text in the language the user sees now. */
import type { ReadonlySignal } from '@preact/signals'
import type { AdminText } from './admin-text.ts'
import { speakFrom } from './language.ts'

const speech = speakFrom<AdminText>({
  da: () => import('./da/admin.ts'),
  sv: () => import('./sv/admin.ts'),
  nb: () => import('./nb/admin.ts'),
  en: () => import('./en/admin.ts'),
  de: () => import('./de/admin.ts'),
})

export const text: ReadonlySignal<AdminText> = speech.text

/** Resolves when the pages have their words. */
export async function languageReady(): Promise<void> {
  await speech.ready()
}
