/**
 * The codec: any bytes give a message, an unknown one or `malformed`; and what is read of them is written and read
 * again the same.
 */
import fc from 'fast-check'
import { decodeMessage, encodeMessage, type Message } from '@stockmesh/protocol'
import { anyOf } from '../protocol/any-message.ts'
import type { SeededRandom } from '../protocol/random.ts'
import { mutate, randomBytes } from './mutation.ts'
import { Finding, type Target } from './target.ts'

const triesPerRound = 1_000
/** Inputs that led somewhere new are kept and changed further; beyond so many one makes room for another. */
const corpusMax = 2_000

/** Frames of each message type. */
function sampleFrames(seed: number, each: number): Uint8Array[] {
  return Object.values(anyOf).flatMap((any) =>
    fc.sample(any as fc.Arbitrary<Message>, { seed, numRuns: each }).map(encodeMessage),
  )
}

export function openCodecTarget(first: SeededRandom): Target {
  const corpus = sampleFrames(first.below(2 ** 31), 20)
  const shapes = new Set<string>()
  return {
    round(random) {
      for (let index = 0; index < triesPerRound; index += 1) {
        const bytes = random.chance(0.05)
          ? randomBytes(random.below(300), random)
          : mutate(random.pick(corpus), random.pick(corpus), random)
        const shape = tryFrame(bytes)
        if (shape === null || shapes.has(shape)) continue
        shapes.add(shape)
        if (corpus.length < corpusMax) corpus.push(bytes)
        else corpus[random.below(corpusMax)] = bytes
      }
      return triesPerRound
    },
    end: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** What sort of message the bytes gave, for finding new ones; null where none. */
function tryFrame(bytes: Uint8Array): string | null {
  try {
    const decoded = decodeMessage(bytes)
    if (!decoded.ok) {
      if (decoded.code !== 'malformed') throw new Error(`the code is ${decoded.code}`)
      return null
    }
    const message = decoded.value
    if (message.type === 'unknown') return null
    // Of another major only the number is read, and an unknown question has no bytes of its own.
    const isReadInPart =
      (message.type === 'challenge' && message.major !== 1) || (message.type === 'ask' && message.about === 'unknown')
    if (!isReadInPart) assertStable(message)
    return shapeOf(message)
  } catch (error) {
    throw new Finding(`${(error as Error).message}: ${Buffer.from(bytes).toString('hex')}`, { cause: error })
  }
}

function assertStable(message: Message): void {
  const written = encodeMessage(message)
  const again = decodeMessage(written)
  const same = again.ok && again.value.type !== 'unknown' && Buffer.from(encodeMessage(again.value)).equals(written)
  if (!same) throw new Error('what was read is not read again')
}

function shapeOf(message: Message): string {
  const parts = Object.values(message).map((value: unknown) =>
    Array.isArray(value) ? `[${Math.min(3, value.length)}]` : value === null ? '-' : typeof value,
  )
  return `${message.type} ${parts.join(' ')}`
}
