/** How "stop everything" stands, as the status and the HTTP interface say it. */
import type { StopAllAnswer } from '@stockmesh/protocol'
import type { NetworkSide } from '../network/network-side.ts'

export function stopAllAnswerOf({ stopAll, members }: Pick<NetworkSide, 'stopAll' | 'members'>): StopAllAnswer {
  const { word, isStopped } = stopAll
  return {
    stopped: isStopped,
    since: word === null || !isStopped ? null : new Date(word.stamp).toISOString(),
    by: isStopped ? (word?.by ?? null) : null,
    unheard: members.map(({ shopId }) => shopId).filter((member) => !stopAll.isHeardBy(member)),
  }
}
