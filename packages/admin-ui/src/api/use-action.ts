/** One thing a user does at a time: whether it is under way, and how it failed. */
import { type Signal, useSignal } from '@preact/signals'
import { type ApiFailure, failureOf } from './client.ts'

export interface Action {
  readonly isBusy: Signal<boolean>
  readonly failure: Signal<ApiFailure | null>
  /** A second press while the first is under way does nothing. */
  run(work: () => Promise<void>): void
}

export function useAction(): Action {
  const isBusy = useSignal(false)
  const failure = useSignal<ApiFailure | null>(null)
  async function perform(work: () => Promise<void>): Promise<void> {
    isBusy.value = true
    failure.value = null
    try {
      await work()
    } catch (thrown) {
      failure.value = failureOf(thrown)
    } finally {
      isBusy.value = false
    }
  }
  return {
    isBusy,
    failure,
    run(work) {
      if (!isBusy.value) {
        // The failure is kept in its signal and shown by the page.
        void perform(work)
      }
    },
  }
}
