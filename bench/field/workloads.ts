/**
 * What every contender is put through, in a process of its own, and what is measured. Changes are of -5 to 4, as sales
 * and deliveries are small; which SKU each hits is drawn with a fixed seed, the same for all.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { skuOf } from '../catalogue.ts'
import { memory } from './memory.ts'
import type { Change, Contender, Pair } from './pair.ts'

/** Measured figures by name; null is what cannot be measured there. */
export type Measured = Readonly<Record<string, number | null>>

export interface Size {
  readonly skus: number
  readonly changes: number
}

export type WorkloadName = 'stream' | 'singles' | 'heap' | 'resync'

interface Setting {
  readonly contender: Contender
  readonly folder: string
  readonly size: Size
}

/** Changes that travel together, as a shop's feed gives them. */
const batch = 64
/** Batches under way at once: a node commits together what waits together. */
const underWay = 32
const mebibyte = 1_048_576

export const workloads: Readonly<Record<WorkloadName, (setting: Setting) => Promise<Measured>>> = {
  stream,
  singles,
  heap,
  resync,
}

/** A stream of changes at one copy, until the other has them all. */
async function stream({ contender, folder, size }: Setting): Promise<Measured> {
  const pair = await contender.open(folder, 2)
  const draw = drawer(size.skus)
  await feed(pair, firstOf(size.skus))
  await pair.settle()
  const single = await bytesOf(pair, () => pair.change(0, [draw()]))
  const together = await bytesOf(pair, () => pair.change(0, Array.from({ length: batch }, draw)))
  const pushed = (await pair.pushedBy?.(0, [draw()])) ?? null
  const pushedTogether = (await pair.pushedBy?.(0, Array.from({ length: batch }, draw))) ?? null
  const from = performance.now()
  await feed(pair, times(size.changes, draw))
  await pair.settle()
  const seconds = (performance.now() - from) / 1_000
  await checkEqual(pair, size.skus)
  await pair.close()
  return {
    'changes a second': size.changes / seconds,
    'bytes of a change alone': single,
    'bytes of a change among 64': together === null ? null : together / batch,
    'bytes of counters that push a change': pushed,
    'bytes of counters that push each of 64': pushedTogether === null ? null : pushedTogether / batch,
  }
}

/** Changes that travel one by one, as buyers make them: each is a transaction of its own. */
async function singles({ contender, folder, size }: Setting): Promise<Measured> {
  const pair = await contender.open(folder, 2)
  await feed(pair, firstOf(size.skus))
  await pair.settle()
  const from = performance.now()
  await feed(pair, times(size.changes, drawer(size.skus)), { together: 1, underWay: batch * underWay })
  await pair.settle()
  const seconds = (performance.now() - from) / 1_000
  await checkEqual(pair, size.skus)
  await pair.close()
  return { 'changes one by one, a second': size.changes / seconds }
}

/** One copy: what it holds with a number for each SKU, what a long stream of changes adds, and how it loads. */
async function heap({ contender, folder, size }: Setting): Promise<Measured> {
  const empty = memory()
  const emptyResident = resident()
  let pair = await contender.open(folder, 1)
  await feed(pair, firstOf(size.skus))
  await pair.settle()
  const held = memory() - empty
  const heldResident = resident() - emptyResident
  await feed(pair, times(size.changes, drawer(size.skus)))
  await pair.settle()
  const grown = memory() - empty - held
  const sum = await pair.read(0, skuOf(0))
  await pair.close()
  const from = performance.now()
  pair = await contender.open(folder, 1)
  const again = await pair.read(0, skuOf(0))
  const seconds = (performance.now() - from) / 1_000
  if (again !== sum) throw new Error(`${contender.name} read ${again} after loading, and ${sum} before.`)
  await pair.close()
  return {
    'memory of a number each': held / mebibyte,
    'the same, resident': heldResident / mebibyte,
    'growth over the changes': grown / mebibyte,
    'loaded after': seconds,
    'kept in files': bytesIn(folder) / mebibyte,
  }
}

/** Two copies in step that are parted; both sides change some SKUs, and meet again. */
async function resync({ contender, folder, size }: Setting): Promise<Measured> {
  const pair = await contender.open(folder, 2)
  await feed(pair, firstOf(size.skus))
  await pair.settle()
  pair.part()
  const changed = 500
  for (let round = 0; round < size.changes / changed; round += 1) {
    for (const [side, first] of [
      [0, 0],
      [1, Math.floor(size.skus / 2)],
    ] as const) {
      // A shop sells one thing at a time.
      for (let index = 0; index < changed; index += 1) {
        await pair.change(side, [{ sku: skuOf((first + index * 7) % size.skus), delta: -1 }])
      }
    }
  }
  const from = performance.now()
  const bytes = await bytesOf(pair, () => pair.meet())
  const seconds = (performance.now() - from) / 1_000
  await checkEqual(pair, size.skus)
  await pair.close()
  return { 'in step again after': seconds * 1_000, 'bytes that took': bytes }
}

async function feed(
  pair: Pair,
  changes: Iterable<Change>,
  atOnce: { readonly together: number; readonly underWay: number } = { together: batch, underWay },
): Promise<void> {
  let open = 0
  let failure: unknown = null
  let wake: () => void = () => undefined
  const turn = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const close = (): void => {
    open -= 1
    wake()
  }
  let together: Change[] = []
  const send = async (): Promise<void> => {
    const sent = pair.change(0, together)
    together = []
    // Whoever answers at once is not made to wait for a turn of the event loop.
    if (sent === undefined) return
    open += 1
    sent.catch((error: unknown) => (failure ??= error)).finally(close)
    while (open >= atOnce.underWay) await turn()
  }
  for (const change of changes) {
    together.push(change)
    if (together.length === atOnce.together) await send()
  }
  if (together.length > 0) await send()
  while (open > 0) await turn()
  if (failure !== null) throw failure
}

async function bytesOf(pair: Pair, run: () => Promise<void> | void): Promise<number | null> {
  const before = pair.bytes
  await run()
  await pair.settle()
  return before === null || pair.bytes === null ? null : pair.bytes - before
}

async function checkEqual(pair: Pair, skus: number): Promise<void> {
  for (let index = 0; index < skus; index += 97) {
    const [one, other] = [await pair.read(0, skuOf(index)), await pair.read(1, skuOf(index))]
    if (one !== other) throw new Error(`${skuOf(index)} is ${one} in one copy and ${other} in the other.`)
  }
}

function* firstOf(skus: number): Generator<Change> {
  for (let index = 0; index < skus; index += 1) yield { sku: skuOf(index), delta: 1_000 }
}

function* times(count: number, draw: () => Change): Generator<Change> {
  for (let index = 0; index < count; index += 1) yield draw()
}

/** A linear congruential generator modulo 2^31; never a delta of 0. */
function drawer(skus: number): () => Change {
  let state = 17
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >>> 8
  }
  return () => {
    const delta = (next() % 9) - 4
    return { sku: skuOf(next() % skus), delta: delta === 0 ? -5 : delta }
  }
}

function resident(): number {
  return process.memoryUsage().rss
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
