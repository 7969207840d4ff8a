/**
 * The tables of the node's database: the first byte of every key. A table's number never changes its meaning.
 */
export const tables = {
  /** name -> JSON: format, network, import, counters. */
  meta: 0,
  /** replica, kind, SKU key -> the origin's bytes and the movements that made them. */
  record: 1,
  /** replica -> what is held of it. */
  claim: 2,
  /** replica, index -> chunk that waits for its claim. */
  staged: 3,
  /** replica -> how far its stage reaches. */
  stage: 4,
  /** n -> one line of the log, in the order of arrival. */
  log: 5,
  /** SKU key, n -> nothing: the log lines of a SKU. */
  logOfSku: 6,
  /** stock id -> the shop's stock row with its shadow level. */
  stockRow: 7,
  /** stock id -> an adjustment that may be under way. */
  intent: 8,
  /** SKU key -> a difference that waits for a person. */
  offset: 9,
  /** shop, replica -> what a member claimed when last heard. */
  memberClaim: 10,
  /** Updates of the network document. */
  document: 11,
  /** Signed membership records, by hash. */
  membership: 12,
  /** Join requests, sent and received. */
  joining: 13,
  /** kind, SKU key -> a problem that does not follow from the rest. */
  problem: 14,
  /** Shared events that are in the log. */
  event: 15,
  /** host:port where a shop proved who it is. */
  place: 16,
  /** Hash of a call's key -> its answer, written with what it did. */
  receipt: 17,
} as const
