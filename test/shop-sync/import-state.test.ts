/**
 * How far an import says that it is: rows while it lists, SKUs from then on, and never less than nothing.
 */
import { expect, test } from 'vitest'
import { importProgress } from '../../packages/node/src/shop-sync/import-state.ts'

const rows = { rowsListed: 500, rowsTotal: 1_200 }

test.each([
  ['idle', { skus: 0, unsettled: 0 }, { done: 500, total: 1_200 }],
  ['listing', { skus: 480, unsettled: 0 }, { done: 500, total: 1_200 }],
  ['ready', { skus: 1_100, unsettled: 0 }, { done: 0, total: 1_100 }],
  ['running', { skus: 1_100, unsettled: 300 }, { done: 800, total: 1_100 }],
  ['done', { skus: 1_100, unsettled: 0 }, { done: 1_100, total: 1_100 }],
] as const)('%s, with %o, is %o', (state, skus, progress) => {
  expect(importProgress({ ...rows, state }, skus)).toEqual(progress)
})

test('the only SKU was deleted while the import ran, and is still to be looked at', () => {
  expect(importProgress({ ...rows, state: 'running' }, { skus: 0, unsettled: 1 })).toEqual({ done: 0, total: 0 })
})
