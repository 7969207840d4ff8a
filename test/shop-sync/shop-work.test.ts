/**
 * Work towards the shop comes to rest: reads are called off, writes are waited for, and an end ends both.
 */
import { expect, test } from 'vitest'
import { type ShopTask, ShopWork } from '../../packages/node/src/shop-sync/shop-work.ts'

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const fails = (error: unknown): void => expect.fail(`it failed: ${String(error)}`)

test('rest calls off a read, waits for a write, and says that it is over only then', async () => {
  const said: string[] = []
  let finishWrite: () => void = () => undefined
  const reads: ShopTask = {
    async run(stop) {
      await aborted(stop)
      said.push('read called off')
    },
  }
  const writes: ShopTask = {
    async run(stop, life) {
      await new Promise<void>((resolve) => {
        finishWrite = resolve
        life.addEventListener('abort', () => resolve())
      })
      said.push(`written, asked to stop: ${stop.aborted}`)
    },
  }
  await using work = new ShopWork([reads, writes], fails)
  work.start()
  const rest = work.rest().then(() => said.push('at rest'))
  await Promise.resolve()
  expect(said).not.toContain('at rest')
  finishWrite()
  await rest
  expect(said).toEqual(['read called off', 'written, asked to stop: true', 'at rest'])
})

test('it starts again after a rest, once however often it is asked, and never after its end', async () => {
  let running = 0
  let starts = 0
  const task: ShopTask = {
    async run(stop) {
      starts += 1
      running += 1
      await aborted(stop)
      running -= 1
    },
  }
  const work = new ShopWork([task], fails)
  work.start()
  work.start()
  expect(running).toBe(1)
  await work.rest()
  await work.rest()
  expect(running).toBe(0)
  work.start()
  expect([running, starts]).toEqual([1, 2])
  await work[Symbol.asyncDispose]()
  work.start()
  expect([running, starts]).toEqual([0, 2])
})

test('an end calls off writes as well, and what fails by it is no failure', async () => {
  const task: ShopTask = {
    async run(_, life) {
      await aborted(life)
      throw new Error('called off')
    },
  }
  const work = new ShopWork([task], fails)
  work.start()
  await work[Symbol.asyncDispose]()
  expect(work.life.aborted).toBe(true)
})

test('a task that fails by itself is told, and the others end with the rest all the same', async () => {
  let othersEnded = false
  const broken: ShopTask = { run: () => Promise.reject(new Error('disk full')) }
  const other: ShopTask = {
    async run(stop) {
      await aborted(stop)
      othersEnded = true
    },
  }
  let tell: (error: unknown) => void = () => undefined
  const told = new Promise<unknown>((resolve) => {
    tell = resolve
  })
  await using work = new ShopWork([broken, other], (error) => tell(error))
  work.start()
  expect(await told).toEqual(new Error('disk full'))
  await work.rest()
  expect(othersEnded).toBe(true)
})
