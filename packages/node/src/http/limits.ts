/**
 * The limits of the HTTP interface, with the unit in the name and the reason beside each.
 */

/** A request body; the longest is a list that a person pastes. */
export const bodyBytesMax: number = 1024 * 1024
/** A shop's hint that something changed: nothing of it is used but its signature. */
export const hookBodyBytesMax: number = 64 * 1024
/** Hints are heard at most this often: a shop that tells of every change is read no more often for it. */
export const hintPauseMs: number = 250
/** Items of a list in one answer, and the number without `limit`. */
export const listItemsMax: number = 1_000
export const listItemsDefault: number = 100
/** A text that is searched for or filtered by, in characters. */
export const filterCharactersMax: number = 500
/** Sign-in and set-up tries of one address in the window below: too few to guess a password. */
export const triesMax: number = 5
export const triesMsMax: number = 15 * 60_000
/** How long a printed set-up token works. */
export const setupTokenMsMax: number = 30 * 60_000
/** A browser that was not used for this long is signed out. */
export const sessionIdleMsMax: number = 30 * 24 * 3_600_000
/** How often the time of a session's last use is written: once an hour is exact enough for 30 days. */
export const sessionTouchMs: number = 3_600_000
/** Sessions that are kept; the one unused longest makes room. */
export const sessionsMax: number = 1_000
/** NIST 800-63B asks for 8; the admin pages move stock numbers of every shop. The upper end bounds the work of scrypt. */
export const passwordCharactersMin: number = 10
export const passwordCharactersMax: number = 1_000
/** A bearer token from the environment: as strong as 128 random bits in hex. */
export const adminTokenCharactersMin: number = 32
/** Lines of what admins did: a program that changes stock every minute fills them in ten weeks, people never. */
export const actsMax: number = 100_000
/** They are kept this long: over a year, so that the last yearly accounts can be asked about. */
export const actsKeptMs: number = 400 * 24 * 3_600_000
/** Refused sign-ins that are noted in a day: more would push out what was done. */
export const failedSignInsNotedMax: number = 100
/** What an act was about, in characters. */
export const subjectCharactersMax: number = 200
/** Tokens of programs: a person still knows what each is for. */
export const apiTokensMax: number = 100
export const apiTokenNameCharactersMax: number = 100
/** How often the time of a token's last use is noted: to the minute is what a person asks for. */
export const apiTokenTouchMs: number = 60_000
export const idempotencyKeyCharactersMax: number = 128
/** How long the answer to a POST is kept under its key. */
export const idempotencyMsMax: number = 7 * 24 * 3_600_000
/** How often expired answers are looked for. */
export const idempotencySweepMs: number = 3_600_000
/** At most one state of the node to the pages in this time: five a second look live. */
export const liveIntervalMs: number = 200
/** The state is sent again after this long: the browser's side drops a state that is silent for 30 s. */
export const liveRenewMs: number = 15_000
/** Pages open at once. */
export const liveSocketsMax: number = 100
/** A message from a page: a state vector and its own awareness. */
export const liveFrameBytesMax: number = 256 * 1024
/** Bytes that wait for a slow page before it is told to connect anew. */
export const liveBufferedBytesMax: number = 32 * 1024 * 1024
/** How long a request may take to arrive. */
export const requestMsMax: number = 60_000
/** How long its address and headers may take, and the handshake of TLS before them: a second on a slow line. */
export const headMsMax: number = 10_000
/** How long a connection is kept for another request after an answer: a page asks for the next thing at once. */
export const idleMsMax: number = 5_000
/**
 * That of a proxy: longer than Caddy (2 minutes) and nginx (1) keep theirs, so that it is never closed in the moment in
 * which a request comes over it, which the proxy could not send again.
 */
export const idleOfProxyMsMax: number = 130_000
/** Connections that have not said yet what they want, in all and of one address: a page opens six, a proxy a few more. */
export const waitingConnectionsMax: number = 2_000
export const waitingConnectionsOfAddressMax: number = 200
/** All connections: some files stay for the database and the shop, of the 65,536 that the service may open. */
export const connectionsMax: number = 10_000
/** The files of the certificate are read again this often: a renewal comes days before the old one ends. */
export const certificateLookMs: number = 60_000
/** A certificate with its chain, in bytes. */
export const certificateBytesMax: number = 1024 * 1024
/** Units that a shop may hold back of every level: more than anybody stocks, and sums stay exact. */
export const bufferUnitsMax: number = 1_000_000
/** An address, a key or another text among the settings, in characters. */
export const settingCharactersMax: number = 2_000
/** An e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
export const emailCharactersMax: number = 254
/** How long a shop may be out of reach before an alert, in minutes: at least one, at most a week. */
export const unreachableMinutesMin: number = 1
export const unreachableMinutesMax: number = 7 * 24 * 60
/** Events that are kept for a reader that comes back: an hour of a busy day. */
export const eventsKeptMax: number = 10_000
/** Event streams open at once. */
export const eventStreamsMax: number = 100
/** A sign of life on a silent stream: below the idle time-out of common proxies. */
export const eventPingMs: number = 20_000
/** Events made and written at a time: what a slow reader can have waiting here. */
export const eventsPerWriteMax: number = 100
/** Fields of a platform that a person fills in. */
export const connectorFieldsMax: number = 50
/** How long the trial of a shop may take: a merchant waits, and a slow shop answers a few calls in it. */
export const connectorTrialMsMax: number = 30_000
/** How long a reading of the catalogue is paged through before it is read anew. */
export const catalogueHealthMsMax: number = 10 * 60_000
