/**
 * Bugs planted on purpose that show from outside: the checker must find each of them in real processes, or it has a
 * hole. Two are those of the simulated worlds as well; the rest of those need a power cut, or are put right by another
 * guard before anybody outside can see them.
 */
import { mutants as simulated } from '../sim/mutants.ts'
import type { FaultName } from './faults.ts'

export interface Mutant {
  readonly name: string
  readonly says: string
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The faults among which it is looked for; null: all of them. */
  readonly only: readonly FaultName[] | null
}

const shared: Readonly<Record<string, readonly FaultName[] | null>> = {
  echo: null,
  'no-operation-key': ['kill-node', 'kill-shop', 'shop-cut', 'cut'],
}

export const mutants: readonly Mutant[] = [
  ...simulated.flatMap((mutant) => {
    const only = shared[mutant.name]
    return only === undefined ? [] : [{ ...mutant, only }]
  }),
  {
    name: 'forgotten-receipt',
    says: 'an order that is sent again under its key is placed again',
    file: 'packages/node/src/shop/receipts.ts',
    find: '  if (kept === null) return produce()',
    replace: '  if (kept === null || kept.status === 201) return produce()',
    only: ['lost-answers', 'kill-shop', 'pause-shop'],
  },
  {
    name: 'first-row-only',
    says: 'of several changes in one read of the feed only the first counts',
    file: 'packages/node/src/shop-sync/follower.ts',
    find: 'if (change !== null) changes.push(change)',
    replace: 'if (change !== null && changes.length === 0) changes.push(change)',
    only: ['shop-cut', 'kill-node'],
  },
]
