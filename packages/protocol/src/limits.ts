/**
 * Every limit in one place, with its unit in the name and the reason beside it.
 */

/** Longest SKU text in characters. Platforms stop at 64 to 255; longer is a mistake in the shop's data. */
export const skuCharactersMax: number = 500
/** Longest product name that is kept, in characters; longer names are cut for display. */
export const nameCharactersMax: number = 500
/** Largest size of one change in units. */
export const deltaUnitsMax: number = 1_000_000_000
/** Totals are refused from here on, in units: sums of many replicas must stay exact in a double. */
export const totalUnitsMax: number = 2 ** 52
/** Largest stock number a shop may report, in units. */
export const stockUnitsMax: number = 1_000_000_000
/** Largest frame before a peer has proved who it is, in bytes. */
export const frameBytesMaxBeforeProof: number = 64 * 1024
/** Largest frame of an authenticated peer, in bytes. */
export const frameBytesMax: number = 1024 * 1024
/** Records in one chunk. */
export const chunkRecordsMax: number = 500
/** Bytes of records in one chunk; a chunk with its movements stays well under a frame. */
export const chunkBytesMax: number = 256 * 1024
/** Chunks in flight without an acknowledgement, for each replica and peer. */
export const chunksUnacknowledgedMax: number = 4
/** Movements that travel with one record; more of one commit become one catch-up line at the receiver. */
export const movementsPerRecordMax: number = 32
/** Claims in one HAVE; more are sent in several. */
export const claimsPerHaveMax: number = 5_000
/** Shops in one HELLO. */
export const shopsPerHelloMax: number = 1_000
/** Records staged for one replica before a claim must come. */
export const stageRecordsMax: number = 2_000_000
/** Bytes staged for one replica before a claim must come. */
export const stageBytesMax: number = 512 * 1024 * 1024
/** Without progress for this long the next peer is asked for a replica's records, in milliseconds. */
export const wantStallMs: number = 10_000
/** At most one HAVE to all peers in this time, in milliseconds. */
export const haveIntervalMs: number = 250
/** Replicas whose totals one SKU may hold; beyond it a peer is flooding us. */
export const replicasMax: number = 100_000
/** Text of a reference (an order number), in characters. */
export const referenceCharactersMax: number = 200
/** A shop's name, in characters. */
export const shopNameCharactersMax: number = 100
/** An address that a person or a record gives, in characters. */
export const addressCharactersMax: number = 500
/** Pending join requests kept by one node. */
export const joinRequestsMax: number = 20
/** How long a join request waits for an answer, in milliseconds. */
export const joinRequestMsMax: number = 7 * 24 * 3_600_000
/** One update of the network document, in bytes. */
export const documentUpdateBytesMax: number = 1024 * 1024
/** The network document, in bytes. */
export const documentBytesMax: number = 16 * 1024 * 1024
/** Events kept in the network document. */
export const documentEventsMax: number = 1_000
/** Signed membership records in one join answer. */
export const membershipRecordsMax: number = 1_000
/** A shop's clock further in the future than this is not believed, in milliseconds. */
export const clockSkewMsMax: number = 300_000
