/**
 * Transactions of the companion. On SQLite all of Vendure shares one connection, where transactions that overlap are
 * savepoints within each other: one that "committed" is on disk only when the outermost did, and goes with it where that
 * is rolled back. There, each begins and is answered when none is open, and it is looked whether it is still there.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import { type RequestContext, TransactionalConnection } from '@vendure/core'
import { StockmeshFeedRow } from './entities'
import { isSqlite } from './variant-facts'

interface Proof {
  readonly id: number
  readonly tag: string
}

/** How long a busy connection is waited for, in milliseconds: below the time that the node gives an answer. */
const quietMsMax = 8_000

@Injectable()
export class Quiet {
  constructor(@Inject(TransactionalConnection) private readonly connection: TransactionalConnection) {}

  async transaction<T extends { readonly proof: Proof | null }>(work: (ctx: RequestContext) => Promise<T>): Promise<T> {
    if (!isSqlite(this.connection)) return this.connection.withTransaction(work)
    await this.untilQuiet()
    const result = await this.connection.withTransaction(work)
    await this.untilQuiet()
    const { proof } = result
    if (proof === null) return result
    const row = await this.connection.getRepository(StockmeshFeedRow).findOne({ where: { id: proof.id } })
    if (row?.tag !== proof.tag)
      throw new Error('Another transaction on the same connection was rolled back. Try again.')
    return result
  }

  private async untilQuiet(): Promise<void> {
    const deadline = Date.now() + quietMsMax
    while (this.isBusy()) {
      if (Date.now() > deadline) throw new Error('The database is busy. Try again.')
      await sleep(1)
    }
  }

  private isBusy(): boolean {
    return this.connection.rawConnection.createQueryRunner().isTransactionActive
  }
}
