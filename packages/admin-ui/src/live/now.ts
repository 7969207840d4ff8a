/** The present moment for "12 seconds ago"; stands still while nobody looks. */
import { type ReadonlySignal, signal } from '@preact/signals'

const tickMs = 1000
const present = signal(Date.now())

setInterval(() => {
  if (!document.hidden) {
    present.value = Date.now()
  }
}, tickMs)

export const nowMs: ReadonlySignal<number> = present
