/**
 * Limits as the simulator has them. Its worlds are small, and what comes in several parts or several reads in a real
 * network must do so in them as well.
 */
import type { Replacement } from './bundle.ts'

const limits = 'packages/protocol/src/limits.ts'

export const smallLimits: readonly Replacement[] = [
  { file: limits, find: 'chunkRecordsMax: number = 500', replace: 'chunkRecordsMax: number = 3' },
  { file: limits, find: 'chunksUnacknowledgedMax: number = 4', replace: 'chunksUnacknowledgedMax: number = 2' },
  { file: limits, find: 'chunkMovementsMax: number = 16', replace: 'chunkMovementsMax: number = 2' },
  { file: limits, find: 'recentMovementsMax: number = 32', replace: 'recentMovementsMax: number = 4' },
  { file: limits, find: 'historyPartRowsMax: number = 500', replace: 'historyPartRowsMax: number = 3' },
  { file: limits, find: 'claimsPerHaveMax: number = 5_000', replace: 'claimsPerHaveMax: number = 4' },
  // Fewer SKUs than these are typed in a world without spreadsheets.
  { file: limits, find: 'massChangeSkusMin: number = 50', replace: 'massChangeSkusMin: number = 8' },
  { file: limits, find: 'massChangeMs: number = 300_000', replace: 'massChangeMs: number = 20_000' },
  // A member that lied is asked again before a world must have come to rest.
  { file: limits, find: 'distrustMs: number = 10 * 60_000', replace: 'distrustMs: number = 20_000' },
  {
    file: 'packages/node/src/shop-sync/follower.ts',
    find: 'const rowsPerRead = 1_000',
    replace: 'const rowsPerRead = 4',
  },
]
