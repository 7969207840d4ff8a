/**
 * Stages that lead nowhere: nobody claims what was being fetched any more, since whoever had it went back to an older
 * state. Such a stage would leave its node behind for ever, asking nobody. It goes when for a while no peer was ahead,
 * and not at once: a line that flaps would cost all that had come.
 */
import { hasPassed } from './elapsed.ts'
import type { Rid } from './ids.ts'
import { stageForsakenMsMax } from './limits.ts'
import { heldHigh, type Replication } from './replication-state.ts'

/** The replicas whose stages are to be dropped now. */
export function forsakenStages(state: Replication, now: number): Rid[] {
  if (state.stages.size === 0) return []
  const peers = [...state.peers.values()]
  // While nobody has said all that it claims, nobody can be said not to.
  const isKnown = peers.some(({ complete }) => complete)
  const gone: Rid[] = []
  const since = new Map<Rid, number>()
  for (const rid of state.stages.keys()) {
    const held = heldHigh(state, rid)
    if (!isKnown || peers.some(({ claims }) => (claims.get(rid)?.high ?? 0) > held)) continue
    const from = state.forsakenSince.get(rid) ?? now
    if (hasPassed(stageForsakenMsMax, from, now)) gone.push(rid)
    else since.set(rid, from)
  }
  state.forsakenSince = since
  return gone
}
