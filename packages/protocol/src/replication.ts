/**
 * Replication between the nodes of a network: strict range claims, pulled. One state machine for all sessions of a
 * node; `step` takes one input and answers what the shell must do. The caller owns the state, which is changed in
 * place: copying thousands of claims for every frame would cost more than the work itself.
 *
 *   R1  A claim (rid, high) means: for every SKU and kind the newest record with seq <= high is held, none above.
 *   R2  A sender sends everything it holds above the cursor and claims only what is durable.
 *   R3  A receiver stores what it claims, in one batch with the claim, and nothing before.
 *   R4  One source for each replica at a time: its origin if connected, else the peer that claims most.
 *   R5  Nothing is committed, and nobody is accused, under a claim that the replica's shop has not signed. A merged claim
 *       is signed by nobody: in the place of records go the histories that it comes of, and each of them is signed.
 */
import { blame, contradictsItself, forgive, isOneTooMany } from './bad-peer.ts'
import { claimsOfShop, differingShops, isSameClaim, shopHashes } from './claim.ts'
import { judgeClaim } from './claim-judgement.ts'
import { sendClaims, tellAll, tellClaims, tellDigests } from './claim-telling.ts'
import { isAboveCut } from './cuts.ts'
import { equalBytes } from './digest.ts'
import { hasPassed } from './elapsed.ts'
import { forsakenStages } from './forsaken-stages.ts'
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { haveIntervalMs } from './limits.ts'
import { isMerged } from './merged-histories.ts'
import { chooseSources, isWorthAsking, moveStalledPulls, pullAll } from './pulls.ts'
import { decodeChunk } from './received-chunk.ts'
import { knownRids, type PeerState, type Pull, type Replication } from './replication-state.ts'
import type { RecordSource, ReplicationInput, ReplicationOutput } from './replication-step.ts'
import { unreachable } from './result.ts'
import { serve } from './serving.ts'
import { dropStage, isStageTooLarge, makeRoom } from './stages.ts'
import type { Chunk, ClaimLine, Digests, Have, Hello, Message } from './wire.ts'

export function stepReplication(
  state: Replication,
  input: ReplicationInput,
  source: RecordSource,
): readonly ReplicationOutput[] {
  const outputs: ReplicationOutput[] = []
  switch (input.type) {
    case 'opened': {
      const shops = shopHashes(state.claims)
      const greeted = new Map(shops.map(({ shop, hash }) => [shop, { hash, lines: claimsOfShop(state.claims, shop) }]))
      const told = { complete: false, awaitsAll: false, isFlooding: false }
      state.peers.set(input.peer, {
        claims: new Map(),
        greeted,
        serving: new Map(),
        shown: new Map(),
        proven: new Map(),
        ...told,
      })
      outputs.push({ type: 'send', peer: input.peer, message: { ...input.hello, type: 'hello', shops, history: true } })
      break
    }
    case 'closed':
      state.peers.delete(input.peer)
      for (const [rid, pull] of state.pulls) if (pull.peer === input.peer) state.pulls.delete(rid)
      chooseSources(state, knownRids(state), input.now, outputs)
      break
    case 'received':
      receive(state, input.peer, input.message, input.now, source, outputs)
      break
    case 'committed':
      committed(state, input.claims, input.now, source, outputs)
      break
    case 'kept':
      if (state.peers.has(input.peer)) {
        outputs.push({ type: 'send', peer: input.peer, message: { type: 'ack', rid: input.rid, index: input.index } })
      }
      break
    case 'refused':
      refused(state, input, outputs)
      break
    case 'shown':
      shown(state, input, outputs)
      break
    case 'members':
      state.shops = input.shops
      state.cuts = input.cuts
      chooseSources(state, knownRids(state), input.now, outputs)
      break
    case 'written':
      state.written.add(input.rid)
      state.pulls.delete(input.rid)
      break
    case 'released':
      state.written.delete(input.rid)
      for (const peer of state.peers.values()) peer.shown.delete(input.rid)
      chooseSources(state, [input.rid], input.now, outputs)
      break
    case 'tick':
      if (hasPassed(haveIntervalMs, state.toldAt, input.now)) tellClaims(state, state.untold, input.now, outputs)
      moveStalledPulls(state, input.now, outputs)
      if (forgive(state, input.now)) chooseSources(state, knownRids(state), input.now, outputs)
      for (const rid of forsakenStages(state, input.now)) {
        dropStage(state, rid, outputs)
        state.pulls.delete(rid)
        chooseSources(state, [rid], input.now, outputs)
      }
      tellDigests(state, input.now, outputs)
      break
    default:
      unreachable(input)
  }
  return outputs
}

function receive(
  state: Replication,
  from: ShopId,
  message: Message,
  now: number,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  const peer = state.peers.get(from)
  if (peer === undefined) return
  switch (message.type) {
    case 'hello':
      receiveHello(state, from, peer, message, now, outputs)
      break
    case 'have':
      receiveHave(state, from, peer, message, now, source, outputs)
      break
    case 'digests':
      receiveDigests(state, from, message, outputs)
      break
    case 'want':
      // Nobody asks for what was not claimed.
      if (!state.claims.has(message.rid)) break
      peer.serving.set(message.rid, { through: message.above, nextIndex: 0, unacknowledged: 0 })
      serve(state, from, peer, message.rid, source, outputs)
      break
    case 'chunk':
      receiveChunk(state, from, message, now, source, outputs)
      break
    case 'ack': {
      const serving = peer.serving.get(message.rid)
      if (serving === undefined || message.index >= serving.nextIndex) break
      serving.unacknowledged = serving.nextIndex - message.index - 1
      serve(state, from, peer, message.rid, source, outputs)
      break
    }
    default:
      // Messages of the handshake, the network document and the pages are not for replication.
      break
  }
}

/**
 * Their HELLO is compared with ours as it was sent, never with what is held by now: so both ends find the same shops
 * equal, and of every other shop both send their claims. What changed since is in a HAVE on its way.
 */
function receiveHello(
  state: Replication,
  from: ShopId,
  peer: PeerState,
  hello: Hello,
  now: number,
  outputs: ReplicationOutput[],
): void {
  const differing = new Set([...state.claims.keys()].map(shopOfRid))
  for (const { shop, hash } of hello.shops) {
    const own = peer.greeted.get(shop)
    if (own === undefined || !equalBytes(own.hash, hash)) continue
    for (const { rid, ...claim } of own.lines) peer.claims.set(rid, claim)
    differing.delete(shop)
  }
  peer.greeted = new Map()
  peer.awaitsAll = state.damaged.size > 0
  sendClaims(state, from, [...differing].sort(), !peer.awaitsAll, outputs)
  chooseSources(state, knownRids(state), now, outputs)
}

/** Of a shop whose claims are not theirs they are sent ours: whoever finds an equal claim with another digest tells. */
function receiveDigests(state: Replication, from: ShopId, { shops }: Digests, outputs: ReplicationOutput[]): void {
  const differing = differingShops(state.claims, shops)
  if (differing.length > 0) sendClaims(state, from, differing, false, outputs)
}

function receiveHave(
  state: Replication,
  from: ShopId,
  peer: PeerState,
  have: Have,
  now: number,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  for (const { rid, ...claim } of have.claims) {
    if (contradictsItself(peer.claims.get(rid), claim, state.claims.get(rid))) {
      return blame(state, { peer: from, rid, code: 'claim-changed', now }, outputs)
    }
    const judgement = judgeClaim(state, rid, claim, source)
    if (judgement === 'forged') return forged(state, rid, from, now, outputs)
    if (isOneTooMany(from, peer, rid, outputs)) continue
    const before = peer.claims.get(rid)
    peer.claims.set(rid, claim)
    if (
      isMerged(claim.high) &&
      (before === undefined || !isSameClaim(before, claim)) &&
      state.pulls.get(rid)?.peer === from
    ) {
      // The sheets that have come are of what it held before.
      pullAll(state, rid, from, now, outputs)
      continue
    }
    if (judgement === 'plain') continue
    if (judgement === 'unproven') {
      if (isWorthAsking(state, from, rid, claim)) pullAll(state, rid, from, now, outputs)
      continue
    }
    outputs.push({ type: 'alarm', code: judgement, peer: from, rid })
    if (!state.written.has(rid) && !state.distrusted.has(from)) pullAll(state, rid, from, now, outputs)
  }
  if (have.complete && !peer.isFlooding) peer.complete = true
  chooseSources(
    state,
    have.claims.map((claim) => claim.rid),
    now,
    outputs,
  )
}

function receiveChunk(
  state: Replication,
  from: ShopId,
  chunk: Chunk,
  now: number,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  const { rid, index, high, digest, signature } = chunk
  const pull = state.pulls.get(rid)
  // From a peer that is no longer the source, or the rest of an earlier question: between here and there is a gap.
  if (pull === undefined || pull.peer !== from || chunk.above > pull.through) return
  if (isMerged(high)) return receiveSheet(state, from, pull, chunk, now, outputs)
  const decoded = decodeChunk(chunk)
  if (decoded === null) return blame(state, { peer: from, rid, code: 'chunk-invalid', now }, outputs)
  pull.progressAt = now
  if (decoded.through <= pull.through) {
    // Two questions overlapped, and the answer to the first brought this already.
    outputs.push({ type: 'send', peer: from, message: { type: 'ack', rid, index } })
    return
  }
  const records = decoded.records.filter(({ record }) => record.seq > pull.through)
  pull.through = decoded.through
  const before = state.stages.get(rid) ?? { announced: 0, records: 0, bytes: 0 }
  const count = before.records + records.length
  const bytes = records.reduce((sum, record) => sum + record.bytes.length, before.bytes)
  if (isStageTooLarge(count, bytes)) {
    dropStage(state, rid, outputs)
    return blame(state, { peer: from, rid, code: 'stage-too-large', now }, outputs)
  }
  if (digest !== null && high >= before.announced) {
    const [claim, { history }, { fresh }] = [{ high, digest, signature }, chunk, pull]
    if (!source.isSigned(rid, claim)) return forged(state, rid, from, now, outputs)
    if (isAboveCut(state.cuts, rid, high)) {
      state.peers.get(from)?.claims.set(rid, claim)
      return leaveOut(state, rid, now, outputs)
    }
    state.stages.delete(rid)
    outputs.push({ type: 'commit', peer: from, rid, index, records, claim, fresh, history })
    if (pull.fresh) state.pulls.set(rid, { ...pull, fresh: false })
    return
  }
  const stage = { through: pull.through, announced: Math.max(before.announced, high), records: count, bytes }
  state.stages.set(rid, stage)
  const staged = records.map((record) => record.bytes)
  outputs.push({ type: 'stage', peer: from, rid, index, records: staged, stage })
  makeRoom(state, now, outputs)
}

/** A chunk of what was merged is one sheet, and its place is how many went before; it is looked at when all are there. */
function receiveSheet(
  state: Replication,
  from: ShopId,
  pull: Pull,
  { rid, index, above, records: sheet, high, digest }: Chunk,
  now: number,
  outputs: ReplicationOutput[],
): void {
  // The question was for what came before: the claim that tells of the merge is on its way, and all is asked for anew.
  if (!pull.fresh) return
  pull.progressAt = now
  if (above < pull.through) {
    outputs.push({ type: 'send', peer: from, message: { type: 'ack', rid, index } })
    return
  }
  const before = state.stages.get(rid) ?? { records: 0, bytes: 0 }
  const records = before.records + sheet.length
  const bytes = sheet.reduce((sum, part) => sum + part.length, before.bytes)
  if (isStageTooLarge(records, bytes)) {
    dropStage(state, rid, outputs)
    return blame(state, { peer: from, rid, code: 'stage-too-large', now }, outputs)
  }
  pull.through += 1
  if (digest === null) {
    const stage = { through: pull.through, announced: high, records, bytes }
    state.stages.set(rid, stage)
    outputs.push({ type: 'stage', peer: from, rid, index, records: sheet, stage })
    return makeRoom(state, now, outputs)
  }
  const claim = { high, digest, signature: null }
  const isWritten = state.written.has(rid)
  const peer = state.peers.get(from)
  peer?.claims.set(rid, claim)
  peer?.shown.set(rid, digest)
  if (isAboveCut(state.cuts, rid, high)) return leaveOut(state, rid, now, outputs)
  state.stages.delete(rid)
  state.pulls.delete(rid)
  outputs.push({ type: 'commit-merged', peer: from, rid, index, sheet, claim, isWritten })
}

function committed(
  state: Replication,
  claims: readonly ClaimLine[],
  now: number,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  const news: Rid[] = []
  for (const { rid, ...claim } of claims) {
    state.claims.set(rid, claim)
    state.damaged.delete(rid)
    if (state.announced.has(rid)) state.untold.add(rid)
    else news.push(rid)
    // Whoever is sent what it was before hears of the new claim, and asks anew.
    if (isMerged(claim.high)) for (const peer of state.peers.values()) peer.serving.delete(rid)
    else for (const [shop, peer] of state.peers) serve(state, shop, peer, rid, source, outputs)
  }
  // A replica that nobody has heard of is told at once: nobody can want it before.
  tellClaims(state, news, now, outputs)
  if (state.damaged.size === 0) tellAll(state, outputs)
  if (hasPassed(haveIntervalMs, state.toldAt, now)) tellClaims(state, state.untold, now, outputs)
}

function refused(
  state: Replication,
  { peer: from, rid, fresh, now }: Extract<ReplicationInput, { type: 'refused' }>,
  outputs: ReplicationOutput[],
): void {
  const pull = state.pulls.get(rid)
  dropStage(state, rid, outputs)
  if (pull === undefined || pull.peer !== from) return
  if (fresh) {
    return blame(state, { peer: from, rid, code: 'digest-wrong', now }, outputs)
  }
  pullAll(state, rid, from, now, outputs)
}

/** What was shown of a merged replica is on disk as far as it was news, or proved nothing. */
function shown(
  state: Replication,
  { peer, rid, index, digest, isProof, now }: Extract<ReplicationInput, { type: 'shown' }>,
  outputs: ReplicationOutput[],
): void {
  const from = state.peers.get(peer)
  if (!isProof) blame(state, { peer, rid, code: 'digest-wrong', now }, outputs)
  else if (from !== undefined) {
    from.proven.set(rid, digest)
    outputs.push({ type: 'send', peer, message: { type: 'ack', rid, index } })
  }
  chooseSources(state, [rid], now, outputs)
}

/** The peer tells of a replica what its shop has not signed: nothing of it is taken, and nothing more from that peer. */
function forged(state: Replication, rid: Rid, from: ShopId, now: number, outputs: ReplicationOutput[]): void {
  if (state.pulls.get(rid)?.peer === from) dropStage(state, rid, outputs)
  blame(state, { peer: from, rid, code: 'claim-forged', now }, outputs)
}

/** More came of a removed shop than counts; another peer may know just that. */
function leaveOut(state: Replication, rid: Rid, now: number, outputs: ReplicationOutput[]): void {
  dropStage(state, rid, outputs)
  state.pulls.delete(rid)
  chooseSources(state, [rid], now, outputs)
}
