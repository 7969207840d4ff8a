/** What a status says where nothing is stopped and no guard is on. */
import type { StatusAnswer } from '@stockmesh/protocol'

export const nothingStopped: Pick<StatusAnswer, 'stopAll' | 'partitionGuard'> = {
  stopAll: { stopped: false, since: null, by: null, unheard: [] },
  partitionGuard: {
    on: false,
    outOfReachSeconds: 60,
    shares: 'equal',
    weights: [],
    closed: [],
    unheard: [],
    outOfReach: [],
    shownPercent: null,
  },
}
