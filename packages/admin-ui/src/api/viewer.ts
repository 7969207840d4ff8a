/** Whether the person here may only look: what changes something is then off, and a call of it would be refused. */
import { type Signal, signal } from '@preact/signals'

export const isViewer: Signal<boolean> = signal(false)
