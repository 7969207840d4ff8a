/**
 * The one sentence that the overview begins with, and its honest variants. Findings come in the order in which a
 * merchant needs them; "everything is in step" is said only when there is no finding and the node has proven it.
 */
import type { ImportState, JoinAnswer, MemberStatus, StatusAnswer } from '@stockmesh/protocol/api'
import type { SentenceText } from '../text/admin-text.ts'
import type { Format } from '../text/format.ts'

type SentenceTone = 'good' | 'busy' | 'attention' | 'quiet'

export interface Sentence {
  readonly tone: SentenceTone
  readonly headline: string
  /** Further findings, each a sentence. */
  readonly also: readonly string[]
  /** How many shops and products, and when the last change was. */
  readonly facts: string
}

interface Finding {
  readonly tone: SentenceTone
  readonly words: string
}

export function overviewSentence(
  status: StatusAnswer,
  join: JoinAnswer,
  text: SentenceText,
  format: Format,
  nowMs: number,
): Sentence {
  const findings = [
    ...(status.network?.evicted === true ? [{ tone: 'attention', words: text.evicted } as const] : []),
    ...(status.stopAll.stopped ? [{ tone: 'attention', words: text.stoppedAll } as const] : []),
    ...startFindings(status, join, text),
    ...contactFindings(status, text, format, nowMs),
    ...stockFindings(status, text),
  ]
  // Before the import is started nothing is on its way to the shop: what would be is what the preview shows.
  const toShop = status.import.state === 'ready' ? 0 : status.pending.shop
  const waiting = status.pending.in + status.pending.out + toShop
  if (waiting > 0) {
    findings.push({ tone: 'busy', words: text.waiting(waiting) })
  }
  const [first, ...rest] = findings.length === 0 ? [calm(status, text)] : findings
  const onlyProblems = findings.length > 0 && findings.every((finding) => finding.tone === 'attention')
  const isRestInStep = onlyProblems && status.network?.inStep === true && !status.stopAll.stopped
  const restInStep = isRestInStep ? [text.restInStep] : []
  return {
    tone: first?.tone ?? 'quiet',
    headline: first?.words ?? text.unconnected,
    also: [...rest.map((finding) => finding.words), ...restInStep],
    facts: text.facts(
      status.network?.members.length ?? 1,
      status.stock.skus,
      status.lastChangeAt === null ? null : format.relative(status.lastChangeAt, nowMs),
    ),
  }
}

/** What is said when nothing is wrong and nothing is under way. */
function calm(status: StatusAnswer, text: SentenceText): Finding {
  if (status.network === null) {
    return { tone: 'quiet', words: text.unconnected }
  }
  if (!status.network.inStep) {
    return { tone: 'busy', words: text.comparing }
  }
  return status.network.members.length <= 1 ? { tone: 'good', words: text.alone } : { tone: 'good', words: text.inStep }
}

/** Joining and importing: what has to be done before anything can be in step. */
function startFindings(status: StatusAnswer, join: JoinAnswer, text: SentenceText): Finding[] {
  const importing = importFinding(status.import.state, status.import.done, status.import.total, text)
  if (importing !== null) {
    return [importing]
  }
  if (status.import.state === 'done' || join.state === 'none') {
    return []
  }
  switch (join.state) {
    case 'sent':
      return [{ tone: 'busy', words: text.joinSent(join.address) }]
    case 'seen':
      return [{ tone: 'busy', words: text.joinSeen(join.address) }]
    case 'accepted':
      return [{ tone: 'busy', words: text.joinAccepted }]
    case 'refused':
    case 'expired':
      return []
  }
}

function importFinding(state: ImportState, done: number, total: number, text: SentenceText): Finding | null {
  switch (state) {
    case 'listing':
      return { tone: 'busy', words: text.listing(done) }
    case 'ready':
      return { tone: 'busy', words: text.importReady }
    case 'running':
      return { tone: 'busy', words: text.importing(done, total) }
    case 'paused':
      return { tone: 'attention', words: text.paused }
    case 'failed':
      return { tone: 'attention', words: text.importFailed }
    case 'idle':
    case 'done':
      return null
  }
}

function contactFindings(status: StatusAnswer, text: SentenceText, format: Format, nowMs: number): Finding[] {
  const findings: Finding[] = []
  const since = (at: string | null): string | null => (at === null ? null : format.since(at, nowMs))
  if (status.shop.state === 'paused') {
    findings.push({ tone: 'attention', words: text.shopPaused })
  }
  if (status.shop.state === 'unreachable') {
    findings.push({ tone: 'attention', words: text.shopUnreachable(since(status.shop.lastContactAt)) })
  }
  // Nobody speaks to a shop that is out, so nobody is missed.
  const away = status.network?.evicted === true ? [] : awayMembers(status)
  const [first] = away
  if (first !== undefined) {
    const words =
      away.length === 1
        ? text.memberAway(first.name, since(first.lastContactAt))
        : text.membersAway(format.list(away.map((member) => member.name)))
    findings.push({ tone: 'attention', words })
  }
  return findings
}

function awayMembers(status: StatusAnswer): readonly MemberStatus[] {
  return status.network?.members.filter((member) => !member.self && !member.online) ?? []
}

function stockFindings(status: StatusAnswer, text: SentenceText): Finding[] {
  const findings: Finding[] = []
  if (status.stock.problems > 0) {
    findings.push({ tone: 'attention', words: text.problems(status.stock.problems) })
  }
  if (status.stock.oversold > 0) {
    findings.push({ tone: 'attention', words: text.oversold(status.stock.oversold) })
  }
  return findings
}
