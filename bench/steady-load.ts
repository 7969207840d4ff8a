/**
 * An open-loop load: each call has its time, and is sent at that time however slow the calls before it were. A latency
 * is counted from the time at which the call should have been sent, so a stall is in every sample that it delayed.
 */
import { setTimeout as pause } from 'node:timers/promises'

/** Calls `send(index, intendedAt)` so often a second; resolves when the last was sent. Times by `performance.now()`. */
export async function steadyLoad(
  load: { readonly perSecond: number; readonly count: number },
  send: (index: number, intendedAt: number) => void,
): Promise<void> {
  const from = performance.now()
  for (let index = 0; index < load.count; index += 1) {
    const intendedAt = from + (index * 1_000) / load.perSecond
    const early = intendedAt - performance.now()
    if (early > 0) await pause(early)
    send(index, intendedAt)
  }
}
