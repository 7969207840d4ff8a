/** The admin pages' text in the language the user sees now. */
import { type ReadonlySignal, computed } from '@preact/signals'
import type { AdminText } from './admin-text.ts'
import { createDanish } from './da.ts'
import { createEnglish } from './en.ts'
import { format, language } from './language.ts'

export const text: ReadonlySignal<AdminText> = computed(() =>
  language.value === 'da' ? createDanish(format.value) : createEnglish(format.value),
)
