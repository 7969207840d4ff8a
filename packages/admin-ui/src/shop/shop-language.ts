/** The shop pages' text in the language the user sees now. */
import { type ReadonlySignal, computed } from '@preact/signals'
import { format, language } from '../text/language.ts'
import { type ShopText, shopTextOf } from '../text/shop-text.ts'

export const text: ReadonlySignal<ShopText> = computed(() => shopTextOf(language.value, format.value))
