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
/** Largest message before a peer has proved who it is, in bytes. */
export const frameBytesMaxBeforeProof: number = 64 * 1024
/** Largest message of an authenticated peer, in bytes. */
export const frameBytesMax: number = 1024 * 1024
/** Records in one chunk. */
export const chunkRecordsMax: number = 500
/** Bytes of records in one chunk; a chunk with its movements stays well under a frame. */
export const chunkBytesMax: number = 256 * 1024
/** Chunks in flight without an acknowledgement, for each replica and peer. */
export const chunksUnacknowledgedMax: number = 4
/** The last moment that a date can name, in milliseconds since 1970. */
export const momentMsMax: number = 8_640_000_000_000_000
/** Movements that travel with the records they made, so that a sale is seen with its cause at once; more follow behind. */
export const chunkMovementsMax: number = 16
/** Movements of one replica kept in memory for those who are about to ask for its newest changes. */
export const recentMovementsMax: number = 32
/** Replicas with movements kept in memory. */
export const recentReplicasMax: number = 64
/** One movement in bytes: a SKU's key, a reference and a few numbers. */
export const movementBytesMax: number = 4_096
/** Movements in one answer about history. */
export const historyPartRowsMax: number = 500
/** Movements of one answer about history, in bytes: what a counter may have to wait behind on a line. */
export const historyPartBytesMax: number = 32 * 1024
/** A question about history that is not answered for this long is put to another peer, in milliseconds. */
export const historyAnswerMsMax: number = 10_000
/** How long a peer that had nothing new of a replica's history is not asked about it, in milliseconds. */
export const historyRestMs: number = 10_000
/** How long movements are kept in detail, in milliseconds: 90 days. */
export const historyMsMax: number = 90 * 24 * 3_600_000
/** Movements and events kept by a node, whatever their age: 5 million take about 1.5 GB of disk. */
export const historyRowsMax: number = 5_000_000
/** After this long a node looks for history that is kept no longer, in milliseconds: its start comes first. */
export const historyFirstSweepMs: number = 60_000
/** How often it is looked for history that is kept no longer, in milliseconds. */
export const historySweepMs: number = 3_600_000
/** Movements that are carried in one batch. */
export const historySweepRowsMax: number = 1_000
/** Claims in one HAVE; more are sent in several. */
export const claimsPerHaveMax: number = 5_000
/** Shops in one HELLO. */
export const shopsPerHelloMax: number = 1_000
/** Records staged for one replica before a claim must come. */
export const stageRecordsMax: number = 2_000_000
/** Bytes staged for one replica before a claim must come. */
export const stageBytesMax: number = 512 * 1024 * 1024
/** Replicas staged at once: what a peer announces and never completes must not fill memory. */
export const stagesMax: number = 10_000
/** Records and bytes staged of all replicas together: two of the largest that a peer may send. */
export const stagedRecordsMax: number = 2 * stageRecordsMax
export const stagedBytesMax: number = 2 * stageBytesMax
/** Histories of one replica that are merged: each is a copy of a folder that went on by itself. */
export const testimoniesMax: number = 32
/** Nothing is asked of a peer for this long after it sent what cannot be right, in milliseconds. */
export const distrustMs: number = 10 * 60_000
/** Without progress for this long the next peer is asked for a replica's records, in milliseconds. */
export const wantStallMs: number = 10_000
/** A stage of which no peer has had more than is held for this long is dropped, in milliseconds: flapping lines are back by then. */
export const stageForsakenMsMax: number = 60_000
/** A restored node that no member answers for this long goes on with what it knows, in milliseconds. */
export const recoveryAloneMsMax: number = 60_000
/** At most one HAVE to all peers in this time, in milliseconds. */
export const haveIntervalMs: number = 250
/** How often the digests of all that is held are compared with each connected member's, in milliseconds. */
export const digestsIntervalMs: number = 60_000
/** Reads of a shop's feed, and calls that adjust it, begin at least this far apart: many sales are then one step. */
export const shopCallPaceMs: number = 20
/**
 * How long a shop's feed keeps what its node has read, in milliseconds: 60 days. A node that is restored from an older
 * backup finds less than it asks for, and doubts every number. An operation's id is kept as long as its feed row, which is
 * longer than its node can send it again: it stops with that row.
 */
export const feedKeptMs: number = 60 * 24 * 3_600_000
/** How often a feed is looked through for what is kept no longer, in milliseconds. */
export const feedPruneMs: number = 3_600_000
/** Feed rows that one look takes away at a time: a batch stays short. */
export const feedPruneRowsMax: number = 1_000
/** Replicas of one SKU's totals, in one peer's claims, and in all that is held: a node makes one at each start. */
export const replicasMax: number = 100_000
/** Records of merged histories are numbered from here on: no replica ever issues as many changes. */
export const mergedSeqBase: number = 2 ** 51
/** SKUs that an alarm about two histories names. */
export const doubtfulSkusMax: number = 1_000
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
/** Questions of one member that are being answered at once; each reads the database. */
export const questionsOfPeerMax: number = 32
/** A member's answer to a question of ours, in characters: a page of its problems, well below a frame. */
export const answerCharactersMax: number = 250_000
/** One update of the network document, in bytes. */
export const documentUpdateBytesMax: number = 1024 * 1024
/** The network document, in bytes. */
export const documentBytesMax: number = 16 * 1024 * 1024
/** Events kept in the network document. */
export const documentEventsMax: number = 1_000
/** Alarms that the network document carries to every member; who invents more of them is not heard. */
export const documentProofsMax: number = 200
/** Signed membership records in one join answer. */
export const membershipRecordsMax: number = 1_000
/** Records new to a member by which a shop that it does not know shows how it was let in: who is out could craft any number. */
export const introducedRecordsMax: number = 100
/** A shop's clock further in the future than this is not believed, and a member's that is off by more is a problem, in milliseconds. */
export const clockSkewMsMax: number = 300_000
/** Readings of a member's clock that are compared: one late message among them changes nothing. */
export const clockReadingsKept: number = 6
/** How often a member is told that we are here, with our clock and how our import stands, in milliseconds. */
export const presenceIntervalMs: number = 5_000
/** With more unsent bytes before it a presence message would come late and make our clock look slow; it is left out. */
export const presenceBacklogBytesMax: number = 256 * 1024
/** Membership records that one shop signs: a merchant who lets in 250 shops and renames his own every week makes fewer. */
export const membershipRecordsOfShopMax: number = 500
/** Membership records of all shops together, and their bytes: each node keeps them for ever and judges them together. */
export const membershipRecordsAllMax: number = 5_000
export const membershipBytesMax: number = 4 * 1024 * 1024
/** One signed membership record, in bytes: two texts, a key and the records it came after. */
export const membershipRecordBytesMax: number = 4_096
/** Replicas that one record of a cut names: it stays well below its limit, and more of them take several records. */
export const cutReplicasMax: number = 100
/** Records that one membership record may name as those it came after. */
export const membershipHeadsMax: number = 64
/** A sealed frame, in bytes: the largest message of Noise. */
export const channelFrameBytesMax: number = 65_535
/** Frames of one session in one direction: its counter has 32 bits and must never come round; a week at 1,700 a second. */
export const channelFramesMax: number = 2 ** 30
/** From the open socket to a proof, in milliseconds. */
export const handshakeMsMax: number = 10_000
/** A session is pinged this often, in milliseconds. */
export const pingIntervalMs: number = 5_000
/** Pings without any sign of the peer after which a session is dead: 10 seconds. */
export const pingsUnansweredMax: number = 2
/** Sockets of one address that have not proved to be a member's. */
export const unauthenticatedSocketsMax: number = 16
/** Such sockets of all addresses together; each holds a handshake and may hold a frame of 64 KiB. */
export const unauthenticatedSocketsAllMax: number = 512
/** Unsent bytes of one session; beyond it the peer does not read. */
export const unsentBytesMax: number = 64 * 1024 * 1024
/** Shortest and longest pause before a member is dialed again, in milliseconds. */
export const redialMsMin: number = 200
export const redialMsMax: number = 5_000
/** Dials in a minute to one address at which nobody has proved who they are. */
export const dialsPerMinuteMax: number = 5
/** The answer of `/.well-known/stockmesh`, in bytes and in milliseconds of waiting. */
export const wellKnownBytesMax: number = 4 * 1024
export const wellKnownMsMax: number = 5_000
/** Updates of the network document kept one by one before they are merged into one row. */
export const documentRowsMax: number = 200
/** One text of an event or setting in the network document, in characters. */
export const documentTextCharactersMax: number = 1_000
/** Lines of one stock count or delivery: they become durable together, and longer ones would hold up the shop's sales. */
export const stockLinesMax: number = 2_000
/** How far the clock of whoever counted may run ahead of ours, in milliseconds; a time after that is a mistake. */
export const countAheadMsMax: number = 30_000
/** How long before its entry a count may have begun, in milliseconds: a warehouse that is counted takes days. */
export const countAgeMsMax: number = 31 * 24 * 3_600_000
/** How long the receipt of a call is kept with what it did, in milliseconds: as long as the answer under its key. */
export const receiptMsMax: number = 7 * 24 * 3_600_000
/** How often expired receipts are looked for, in milliseconds. */
export const receiptSweepMs: number = 3_600_000
/** How long a stock count waits until all that this shop sold before is read, in milliseconds. */
export const observeMsMax: number = 10_000
/** Stock rows that are read of one shop for a preview; a listing that goes on beyond has no end. */
export const listedRowsMax: number = 2_000_000
/** Differences in one preview of resuming: more than anybody reads. */
export const resumeItemsMax: number = 1_000
/** How long an import can be taken back, in milliseconds: 30 days. */
export const importUndoMsMax: number = 30 * 24 * 3_600_000
/** Share of a shop's SKUs that may change otherwise than by sales after a person saw what an import will do. */
export const previewChangedShareMax: number = 0.01
/** Previews of an import of which it is remembered what changed since: one for each page that has it open. */
export const previewsKept: number = 16
/** Changes without a sale within so many milliseconds are looked at together: an import of a spreadsheet takes minutes. */
export const massChangeMs: number = 300_000
/** Fewer SKUs than these are never a mass change: a person types so many. */
export const massChangeSkusMin: number = 50
/** So many are one in any catalogue, however large. */
export const massChangeSkusMany: number = 500
/** So many are one where they go to zero, which is what a broken spreadsheet makes of them. */
export const massChangeZeros: number = 200
/** So many of them are kept to be looked at: far more SKUs than a mass change needs. */
export const manualChangesKept: number = 2_000
/** From so many SKUs on, changes without a sale are read again until no more come, so that a mass change is seen as one. */
export const gatheredSkusMin: number = 20
/** Between two such readings, in milliseconds: an upload that goes on writes another row by then. */
export const gatherMs: number = 1_000
/** So often they are read again at most, so that a sale among them waits for seconds only. */
export const gatherReadsMax: number = 5
/** How long SKUs that another shop takes to zero by the dozen wait for the movements that tell by what, in milliseconds. */
export const storyMsMax: number = 5_000
/** Changes of one SKU that are withheld one by one; the oldest of more are added up. */
export const withheldPerSkuMax: number = 32
/** Changes of one shop that its own node took back, kept until what they take back is heard. */
export const takenBackKept: number = 200
/** A mass change begins at so many SKUs, by a person's choice: one who types is never asked, and a catalogue never let through. */
export const holdFromSkusMin: number = 10
export const holdFromSkusMax: number = 10_000
/** A shop's weight among the shares of the partition guard: fine enough for its part of all sales in hundredths of a percent. */
export const guardWeightMax: number = 10_000
/** Shops with a weight: as many as a network is built for. */
export const guardShopsMax: number = 256
/** For how long a member is away before it is out of reach, in milliseconds: a restart is no parting, and a day of guessing is. */
export const guardOutOfReachMsMin: number = 10_000
export const guardOutOfReachMsMax: number = 24 * 3_600_000
/** How often the partition guard looks who is in reach, in milliseconds. */
export const guardLookMs: number = 1_000
