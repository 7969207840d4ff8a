/**
 * The tables of the node's database: the first byte of every key. A table's number never changes its meaning.
 */
export const tables = {
  /** name -> JSON: format, network, import, counters. */
  meta: 0,
  /** replica, kind, SKU key -> the origin's bytes. */
  record: 1,
  /** replica -> what is held of it. */
  claim: 2,
  /** replica, index -> chunk that waits for its claim. */
  staged: 3,
  /** replica -> how far its stage reaches. */
  stage: 4,
  /** n -> a rare event, in the order in which this node learned of it. */
  log: 5,
  /** SKU key, n -> nothing: the log lines of a SKU, as an earlier release kept them. */
  oldLogOfSku: 6,
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
  /** import, SKU key -> what the import did to the SKU in this shop. */
  imported: 32,
  /** SKU key -> what a person chose for it in this shop: its buffer, or that it is left out. */
  skuChoice: 33,
  /** SKU key -> units that may be shown, for each parting of the partition guard. */
  guardRight: 40,
  /** SKU key -> changes of other shops that this shop does not go by. */
  withheld: 41,
  /** shop -> its changes by hand of the last minutes. */
  memberChanges: 42,
  /** replica -> up to where all that it changed by hand is approved in this shop. */
  approved: 43,
  /** replica -> the sum behind its claim, as it was at some claim before. */
  sum: 45,
  /** replica, kind, SKU key -> the origin's bytes of a record that was in that sum and was replaced since. */
  replacedRecord: 46,
  /** replica, digest, n -> 0: the head of a testimony, n: its page. */
  testimony: 44,
  /** replica, n -> one movement, as its origin wrote it. */
  movement: 24,
  /** replica, SKU key -> the total after the newest movement that is not kept any more. */
  carried: 25,
  /** replica -> how much of its history is held. */
  history: 26,
  /** time, replica, n -> cause: movements, and without a replica events, in the order in which they happened. */
  timeline: 27,
  /** SKU key, time, replica, n -> cause: the same of one SKU. */
  timelineOfSku: 28,
} as const
