/**
 * Takes away feed rows that the node has read long ago. The one that it read last stays, since by its tag the node sees
 * that the feed is still the one that it knows. An operation's id goes with its row: its node sends it no more.
 */
import type { RequestContext, TransactionalConnection } from '@vendure/core'
import { LessThan, LessThanOrEqual } from 'typeorm'
import { StockmeshFeedRow } from './entities'
import { feedKeptMs, feedPruneRowsMax } from './options'

/** Answers whether there may be more. */
export async function pruneFeed(
  connection: TransactionalConnection,
  ctx: RequestContext,
  readUpTo: number,
): Promise<boolean> {
  const repository = connection.getRepository(ctx, StockmeshFeedRow)
  const old = await repository.find({
    select: { id: true },
    where: { id: LessThan(readUpTo), at: LessThanOrEqual(Date.now() - feedKeptMs) },
    order: { id: 'ASC' },
    take: feedPruneRowsMax,
  })
  const last = old.at(-1)
  if (last !== undefined) await repository.delete({ id: LessThanOrEqual(last.id) })
  return old.length === feedPruneRowsMax
}
