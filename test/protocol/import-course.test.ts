/** What a person may tell an import: each word in each state, and said again. */
import { type ImportCourse, importStep, importWords } from '@stockmesh/protocol'
import { describe, expect, test } from 'vitest'

const running: ImportCourse = {
  state: 'running',
  isHeld: false,
  isCancelling: false,
  written: 'noted',
  isShopPaused: false,
}
const courses: Readonly<Record<string, ImportCourse>> = {
  idle: { ...running, state: 'idle' },
  listing: { ...running, state: 'listing' },
  'listing, held': { ...running, state: 'listing', isHeld: true },
  ready: { ...running, state: 'ready' },
  running,
  'running, held': { ...running, isHeld: true },
  'running, of a founder': { ...running, written: 'nothing' },
  'running, put back since': { ...running, written: 'unknown' },
  'running, in a paused shop': { ...running, isShopPaused: true },
  cancelling: { ...running, isCancelling: true },
  done: { ...running, state: 'done' },
}

test('each word in each state', () => {
  const table = Object.entries(courses).map(([name, course]) => {
    const steps = importWords.map((word) => {
      const step = importStep(word, course)
      return `${word}: ${step.ok ? step.value : step.code}`
    })
    return `${name} | ${steps.join(', ')}`
  })
  expect(table).toMatchInlineSnapshot(`
    [
      "idle | pause: import-not-running, resume: import-not-running, cancel: import-not-running",
      "listing | pause: hold, resume: nothing, cancel: wait-for-start",
      "listing, held | pause: nothing, resume: go-on, cancel: wait-for-start",
      "ready | pause: import-not-running, resume: import-not-running, cancel: nothing",
      "running | pause: hold, resume: nothing, cancel: take-back",
      "running, held | pause: nothing, resume: go-on, cancel: take-back",
      "running, of a founder | pause: hold, resume: nothing, cancel: unstart",
      "running, put back since | pause: hold, resume: nothing, cancel: import-not-noted",
      "running, in a paused shop | pause: hold, resume: nothing, cancel: shop-paused",
      "cancelling | pause: import-cancelling, resume: import-cancelling, cancel: nothing",
      "done | pause: import-not-running, resume: import-not-running, cancel: import-not-running",
    ]
  `)
})

describe('what holds already is no mistake', () => {
  test('pausing and resuming twice is as once', () => {
    expect(importStep('pause', { ...running, isHeld: true })).toEqual({ ok: true, value: 'nothing' })
    expect(importStep('resume', running)).toEqual({ ok: true, value: 'nothing' })
  })

  test('cancelling twice is as once, on its way and when it is through', () => {
    expect(importStep('cancel', { ...running, isCancelling: true })).toEqual({ ok: true, value: 'nothing' })
    expect(importStep('cancel', { ...running, state: 'ready' })).toEqual({ ok: true, value: 'nothing' })
  })
})
