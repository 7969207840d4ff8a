/** What the machine does of a claim that nobody signed, since it comes of several histories: it asks, and believes what is shown. */
import { describe, expect, it } from 'vitest'
import { mergedSeqBase } from '../../packages/protocol/src/limits.ts'
import { claimedByAny } from '../../packages/protocol/src/replication-state.ts'
import type { Message } from '../../packages/protocol/src/wire.ts'
import { ridAt, shopAt } from './arbitraries.ts'
import { claim, Machine, tell } from './machine.ts'

const [shopM, shopE] = [shopAt(1), shopAt(2)] as const
const M = ridAt(shopM)
const high = mergedSeqBase + 4
const digest = claim(high).digest

function sheet(above: number, isLast: boolean, of = digest): Extract<Message, { type: 'chunk' }> {
  const end = isLast ? of : null
  const records = [new Uint8Array([above])]
  return { type: 'chunk', rid: M, index: above, above, records, high, digest: end, signature: null, history: null }
}

describe('a claim of what was merged', () => {
  it('is asked for from the beginning, sheet by sheet, and committed as a whole', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, high, digest))).toEqual(['to E: want above 0'])
    expect(tell(machine.hear(shopE, sheet(0, false)))).toEqual([`stage 1, through 1 of ${high}`])
    expect(tell(machine.hear(shopE, sheet(0, false)))).toEqual(['to E: ack 0'])
    expect(tell(machine.hear(shopE, sheet(2, false)))).toEqual([])
    expect(tell(machine.hear(shopE, sheet(1, true)))).toEqual([`show 1, high ${high}`])
  })

  it('counts nowhere before it is proved, and costs the peer its session if it is not', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.open(shopE)
    machine.have(shopE, M, high, digest)
    machine.hear(shopE, sheet(0, true))
    expect(claimedByAny(machine.state, M)).toBe(0)
    const shown = { type: 'shown', peer: shopE, rid: M, index: 0, digest, now: machine.now } as const
    expect(tell(machine.step({ ...shown, isProof: true }))).toEqual(['to E: ack 0'])
    expect(claimedByAny(machine.state, M)).toBe(high)
    expect(tell(machine.step({ ...shown, isProof: false }))).toEqual(['alarm E: digest-wrong', 'close E: digest-wrong'])
  })

  it('is asked for anew where the peer has merged more meanwhile, and not again once it was shown', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.open(shopE)
    machine.have(shopE, M, high, digest)
    machine.hear(shopE, sheet(0, false))
    const more = claim(high, 2).digest
    expect(tell(machine.have(shopE, M, high, more))).toEqual(['drop-stage', 'to E: want above 0'])
    expect(tell(machine.hear(shopE, sheet(0, true, more)))).toEqual([`show 1, high ${high}`])
    machine.step({ type: 'shown', peer: shopE, rid: M, index: 0, digest: more, isProof: true, now: machine.now })
    expect(tell(machine.have(shopE, M, high, more))).toEqual([])
  })

  it('is shown to the process that writes the replica, which takes nothing, and once more when it writes it no longer', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.step({ type: 'written', rid: M })
    machine.open(shopE)
    expect(tell(machine.have(shopE, M, high, digest))).toEqual(['to E: want above 0'])
    expect(tell(machine.hear(shopE, sheet(0, true)))).toEqual([`show 1, high ${high}, written`])
    expect(tell(machine.have(shopE, M, high, digest))).toEqual([])
    expect(tell(machine.step({ type: 'released', rid: M, now: machine.now }))).toEqual(['to E: want above 0'])
  })

  it('stops what is being sent of the replica: whoever asked hears of the new claim', () => {
    const machine = new Machine([[M, claim(9)]])
    machine.open(shopE)
    machine.hear(shopE, { type: 'want', rid: M, above: 0 })
    const merged = { high, digest, signature: null }
    const outputs = machine.step({ type: 'committed', claims: [{ rid: M, ...merged }], now: machine.now + 1_000 })
    expect(tell(outputs)).toEqual([`to E: have ${high}`])
  })
})
