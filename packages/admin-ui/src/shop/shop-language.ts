/** The shop pages' text in the language the user sees now. */
import type { ReadonlySignal } from '@preact/signals'
import { speakFrom } from '../text/language.ts'
import type { ShopText } from '../text/shop-text.ts'

const speech = speakFrom<ShopText>({
  da: () => import('../text/da/shop.ts'),
  sv: () => import('../text/sv/shop.ts'),
  nb: () => import('../text/nb/shop.ts'),
  en: () => import('../text/en/shop.ts'),
  de: () => import('../text/de/shop.ts'),
})

export const text: ReadonlySignal<ShopText> = speech.text

/** Resolves when the pages have their words. */
export async function languageReady(): Promise<void> {
  await speech.ready()
}
