/** What a developer gives the plugin in `vendure-config.ts`, and the limits of its routes with their reasons. */
export interface StockmeshPluginOptions {
  /** What the node proves itself with, and what hints to it are signed with. At least 32 random characters. */
  readonly key: string
  /** This shop's own address. A copy of the shop has another one, and then stops instead of selling the same stock twice. */
  readonly shopUrl: string
  /** The node's address, as `https://node.example`; hints go there. Without it the node hears by waiting on the feed. */
  readonly nodeUrl?: string
  /**
   * Fixes the stock location that is kept in step. Without it the merchant picks one at the node; until then it is the
   * channel's default location.
   */
  readonly stockLocationId?: string | number
  /** The channel whose variants are kept in step. Without it: the default channel. */
  readonly channelToken?: string
}

export const pluginOptions = Symbol('StockmeshPluginOptions')

/** Rows of one page, as the node asks at most. */
export const pageItemsMax = 1_000
/** Adjustments of one call. */
export const adjustmentsMax = 1_000
/** Adjustments of one transaction: a customer waits for no more than these. */
export const adjustmentsPerTransactionMax = 50
/** Longest wait of a feed read, in milliseconds: below the idle time-out of common proxies. */
export const feedWaitMsMax = 25_000
/** How often a waiting feed read looks, in milliseconds, for what another process of the shop wrote. */
export const feedLookMs = 1_000
/** Movements numbered in one transaction: days of a node that was away, in a few seconds and some 10 MB. */
export const pendingRowsMax = 20_000
/** How long the feed keeps what the node has read, in milliseconds: 60 days, for a node that is restored from a backup. */
export const feedKeptMs = 60 * 24 * 3_600_000
/** How often it is looked for rows that are kept no longer, in milliseconds. */
export const feedPruneMs = 3_600_000
/** Rows that one look takes away: a transaction stays short. */
export const feedPruneRowsMax = 5_000
/** Variants compared in one transaction. */
export const comparedVariantsMax = 200
/** Largest stock number and largest change, in units: what a node takes, and below what an INT column holds. */
export const unitsMax = 1_000_000_000
/** Longest model/varenr. that a node synchronises, in characters. */
export const skuCharactersMax = 500

export function assertOptions({ key, shopUrl, nodeUrl }: StockmeshPluginOptions): void {
  if (typeof key !== 'string' || key.length < 32) {
    throw new Error('StockmeshPlugin: give a key of at least 32 random characters.')
  }
  for (const url of [shopUrl, nodeUrl]) {
    if (url !== undefined && !/^https?:\/\//.test(url)) throw new Error(`StockmeshPlugin: ${url} is no address.`)
  }
  if (shopUrl === undefined) throw new Error("StockmeshPlugin: give the shop's own address as shopUrl.")
}
