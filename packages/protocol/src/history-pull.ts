/**
 * Whom to ask for which history. It runs behind the counters: only what the held claims cover is asked for, of one
 * peer one part at a time, so an answer of at most `historyPartBytesMax` can stand before a counter on a line. The next
 * question is the acknowledgement of the answer before it; what was held when a line broke is where the next one begins.
 *
 *   P1  A replica is asked of one peer at a time: its origin if that can answer, else any that claims more.
 *   P2  A peer of a release that knows no history is never asked.
 *   P3  A peer that had nothing new, or nothing that fits, is left alone about that replica for a while.
 */
import { hasPassed } from './elapsed.ts'
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { historyAnswerMsMax, historyRestMs } from './limits.ts'

interface PulledPeer {
  /** `answered`: the answer came and is being written; what is asked next begins after it. */
  asked: { readonly rid: Rid; readonly at: number; readonly answered: boolean } | null
  /** When the peer was last of no use, by replica. */
  readonly rested: Map<Rid, number>
}

export interface HistoryPulls {
  /** Peers that answer questions about history. */
  readonly peers: Map<ShopId, PulledPeer>
  /** Replicas of which movements are missing. */
  readonly lagging: Set<Rid>
}

export interface HistoryQuestion {
  readonly peer: ShopId
  readonly rid: Rid
}

/** What is known of the replicas. */
export interface HistoryFacts {
  /** Up to which seq the movements of a replica are held. */
  complete(rid: Rid): number
  /** The claim of a peer, as it was heard. */
  claimed(peer: ShopId, rid: Rid): number
}

export function createHistoryPulls(): HistoryPulls {
  return { peers: new Map(), lagging: new Set() }
}

export function openPulls(pulls: HistoryPulls, peer: ShopId): void {
  pulls.peers.set(peer, { asked: null, rested: new Map() })
}

/** Whether the peer is asked for this replica, so that what it says is an answer. */
export function answerQuestion(pulls: HistoryPulls, { peer, rid }: HistoryQuestion): boolean {
  const pulled = pulls.peers.get(peer)
  if (pulled?.asked?.rid !== rid || pulled.asked.answered) return false
  pulled.asked = { ...pulled.asked, answered: true }
  return true
}

/** The answer is on disk, or was refused; the peer may be asked again. */
export function closeQuestion(pulls: HistoryPulls, peer: ShopId): void {
  const pulled = pulls.peers.get(peer)
  if (pulled?.asked?.answered === true) pulled.asked = null
}

/** The peer had nothing that helped. */
export function restPeer(pulls: HistoryPulls, { peer, rid }: HistoryQuestion, now: number): void {
  pulls.peers.get(peer)?.rested.set(rid, now)
}

/** The questions to put now; they count as asked. */
export function nextQuestions(pulls: HistoryPulls, facts: HistoryFacts, now: number): HistoryQuestion[] {
  const questions: HistoryQuestion[] = []
  if (pulls.lagging.size === 0) return questions
  const asked = new Set<Rid>()
  for (const [peer, pulled] of pulls.peers) {
    if (pulled.asked === null) continue
    if (!pulled.asked.answered && hasPassed(historyAnswerMsMax, pulled.asked.at, now)) {
      restPeer(pulls, { peer, rid: pulled.asked.rid }, now)
      pulled.asked = null
    } else {
      asked.add(pulled.asked.rid)
    }
  }
  for (const [peer, pulled] of pulls.peers) {
    if (pulled.asked !== null) continue
    for (const rid of pulls.lagging) {
      if (asked.has(rid) || !mayAnswer(pulls, facts, { peer, rid }, now)) continue
      const origin = shopOfRid(rid)
      if (origin !== peer && mayAnswer(pulls, facts, { peer: origin, rid }, now)) continue
      pulled.asked = { rid, at: now, answered: false }
      asked.add(rid)
      questions.push({ peer, rid })
      break
    }
  }
  return questions
}

function mayAnswer(pulls: HistoryPulls, facts: HistoryFacts, { peer, rid }: HistoryQuestion, now: number): boolean {
  const pulled = pulls.peers.get(peer)
  if (pulled === undefined || facts.claimed(peer, rid) <= facts.complete(rid)) return false
  const rested = pulled.rested.get(rid)
  return rested === undefined || hasPassed(historyRestMs, rested, now)
}
