/**
 * The channel between two ends, frame by frame: what was sealed at one end opens at the other, once, in its order, and
 * nothing else does.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Channel, openNoiseChannel } from '../../packages/node/src/network/channel.ts'

const bytesMax = 1024 * 1024

/** Two ends that have made their keys. */
function pair(): { dialer: Channel; acceptor: Channel } {
  const [dialer, acceptor] = [openNoiseChannel('dialer'), openNoiseChannel('acceptor')]
  const answer = acceptor.open(dialer.opening[0] ?? new Uint8Array(), bytesMax)
  if (!answer.ok) throw new Error(answer.code)
  const done = dialer.open(answer.value.frames[0] ?? new Uint8Array(), bytesMax)
  if (!done.ok) throw new Error(done.code)
  return { dialer, acceptor }
}

function seal(channel: Channel, message: Uint8Array): Uint8Array[] {
  const frames = channel.seal(message)
  if (!frames.ok) throw new Error(frames.code)
  return [...frames.value]
}

/** The messages that come out, or the code that ends the channel. */
function openAll(channel: Channel, frames: readonly Uint8Array[], max: number = bytesMax): (Uint8Array | string)[] {
  const found: (Uint8Array | string)[] = []
  for (const frame of frames) {
    const opened = channel.open(frame, max)
    if (!opened.ok) return [...found, opened.code]
    if (opened.value.message !== null) found.push(new Uint8Array(opened.value.message))
  }
  return found
}

describe('the channel', () => {
  it('carries messages of any size both ways', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 5 }), (sizes) => {
        const { dialer, acceptor } = pair()
        const messages = sizes.map((size, index) => new Uint8Array(size).fill(index + 1))
        for (const [from, to] of [
          [dialer, acceptor],
          [acceptor, dialer],
        ] as const) {
          const frames = messages.flatMap((message) => seal(from, message))
          expect(frames.every((frame) => frame.length <= 65_535)).toBe(true)
          const found = openAll(to, frames)
          // Element by element a megabyte takes seconds.
          expect(found.map((each, index) => Buffer.from(each).equals(messages[index] ?? Buffer.alloc(0)))).toEqual(
            messages.map(() => true),
          )
        }
      }),
      { numRuns: 30 },
    )
  })

  it('is bound to both ends: with somebody in between the two ends differ', () => {
    const { dialer, acceptor } = pair()
    expect(dialer.binding).toEqual(acceptor.binding)
    expect(dialer.binding).toHaveLength(64)
    const [near, far] = [pair(), pair()]
    expect(near.dialer.binding).not.toEqual(far.acceptor.binding)
  })

  it('breaks on a frame that is changed, repeated, left out, swapped, cut, reflected or of another session', () => {
    const message = new TextEncoder().encode('twenty units of SKU-7')
    const changes: readonly ((frames: Uint8Array[], own: Uint8Array[]) => Uint8Array[])[] = [
      ([a, b]) => [a as Uint8Array, a as Uint8Array, b as Uint8Array],
      ([, b]) => [b as Uint8Array],
      ([a, b]) => [b as Uint8Array, a as Uint8Array],
      ([a]) => [(a as Uint8Array).subarray(0, -1)],
      ([a]) => [new Uint8Array((a as Uint8Array).map((byte, index) => (index === 3 ? byte ^ 1 : byte)))],
      (_, own) => own,
      () => seal(pair().dialer, message),
      () => [new Uint8Array(0)],
      () => [new Uint8Array(15)],
    ]
    for (const change of changes) {
      const { dialer, acceptor } = pair()
      const frames = [...seal(dialer, message), ...seal(dialer, message)]
      const found = openAll(acceptor, change(frames, seal(acceptor, message)))
      expect(found.at(-1)).toBe('channel-broken')
      expect(found.slice(0, -1).every((each) => typeof each !== 'string')).toBe(true)
    }
  })

  it('breaks on a key that is no key, and on a recorded dial', () => {
    for (const frame of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(100).fill(9)]) {
      expect(openAll(openNoiseChannel('acceptor'), [frame])).toEqual(['channel-broken'])
    }
    const dialer = openNoiseChannel('dialer')
    const acceptor = openNoiseChannel('acceptor')
    const recorded = [...dialer.opening]
    const answer = acceptor.open(recorded[0] ?? new Uint8Array(), bytesMax)
    const frames = answer.ok ? answer.value.frames : []
    dialer.open(frames[0] ?? new Uint8Array(), bytesMax)
    recorded.push(...seal(dialer, new Uint8Array([1, 2, 3])))
    expect(openAll(openNoiseChannel('acceptor'), recorded)).toEqual(['channel-broken'])
  })

  it('refuses a message over its limit before it is whole', () => {
    const { dialer, acceptor } = pair()
    const frames = seal(dialer, new Uint8Array(300_000))
    expect(openAll(acceptor, frames.slice(0, 2), 100_000)).toEqual(['frame-too-large'])
  })
})
