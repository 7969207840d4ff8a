import { expect, test } from 'vitest'
import { remembered } from '../../packages/protocol/src/remembered.ts'

test('the same bytes are asked once, equal bytes in other memory each for themselves', () => {
  const asked: Uint8Array[] = []
  const sumOf = remembered((bytes) => {
    asked.push(bytes)
    return `${bytes.reduce((sum, byte) => sum + byte, 0)}`
  })
  const bytes = Uint8Array.of(1, 2)
  expect([sumOf(bytes), sumOf(bytes), sumOf(Uint8Array.of(1, 2)), sumOf(Uint8Array.of(9))]).toEqual([
    '3',
    '3',
    '3',
    '9',
  ])
  expect(asked).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(9)])
})
