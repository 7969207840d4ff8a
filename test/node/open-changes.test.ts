import { expect, test } from 'vitest'
import { ApiFailure } from '../../packages/node/src/http/node-api.ts'
import { OpenChanges } from '../../packages/node/src/node/open-changes.ts'

/** A promise that somebody outside ends. */
class Held<T> {
  resolve!: (value: T) => void
  reject!: (error: Error) => void
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

test('a shop that leaves takes no more goods, goes when those under way are in, and takes them again if it stays', async () => {
  const changes = new OpenChanges()
  const goods = new Held<number>()
  const goodbye = new Held<void>()
  const underWay = changes.run(() => goods.promise)
  const departure = changes.refuseDuring(() => goodbye.promise)

  let taken = 0
  const late = changes.run(async () => (taken += 1))
  await expect(late).rejects.toMatchObject({ status: 409, code: 'shop-leaving' })
  await expect(late).rejects.toBeInstanceOf(ApiFailure)
  expect(taken).toBe(0)
  expect(changes.isEmpty).toBe(false)
  goods.resolve(7)
  expect(await underWay).toBe(7)
  expect(changes.isEmpty).toBe(true)

  goodbye.reject(new Error('nobody has heard'))
  await expect(departure).rejects.toThrow('nobody has heard')
  expect(await changes.run(async () => (taken += 1))).toBe(1)
})

test('two departures at once: goods are taken again when both are over', async () => {
  const changes = new OpenChanges()
  const [first, second] = [new Held<void>(), new Held<void>()]
  const departures = [changes.refuseDuring(() => first.promise), changes.refuseDuring(() => second.promise)]
  first.resolve()
  await departures[0]
  await expect(changes.run(async () => 1)).rejects.toMatchObject({ code: 'shop-leaving' })
  second.resolve()
  await departures[1]
  expect(await changes.run(async () => 1)).toBe(1)
})

test('a change that fails is under way no more', async () => {
  const changes = new OpenChanges()
  await expect(changes.run(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
  expect(changes.isEmpty).toBe(true)
})
