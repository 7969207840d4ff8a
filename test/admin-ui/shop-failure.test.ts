/** A shop that the node cannot work with, as the page tells it. */
import { expect, test } from 'vitest'
import { shopFailureText } from '../../packages/admin-ui/src/admin/shop-failure.ts'
import { kindOfFailure } from '../../packages/node/src/views/problems.ts'

const told = (code: string, message: string): string =>
  shopFailureText({ details: { code }, message }, 'It comes back.', (failure) => `sentence of ${failure.code}`)

test('what does not end by itself is told with what to do, and nothing that the node says is left out', () => {
  expect(told('shop-unreachable', 'The shop does not answer.')).toBe('It comes back.')
  expect(told('feed-epoch-changed', 'Another node.')).toBe('sentence of feed-epoch-changed')
  expect(told('shop-error', 'The triggers are lost. Install them.')).toBe(
    'It comes back. (The triggers are lost. Install them.)',
  )
})

test('a copied shop and a rejected key are problems of their own', () => {
  const kinds = ['shop-copied', 'key-rejected', 'shop-error'].map((code) => kindOfFailure({ code }))
  expect(kinds).toEqual(['shop-copied', 'key-rejected', 'shop-unreachable'])
})
