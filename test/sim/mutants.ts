/**
 * Bugs that are planted on purpose, each as a replacement in the source: the simulation must find every one of them,
 * or it has a hole. `window`: seeds among which the bug is known to show.
 */
import type { Replacement } from './bundle.ts'
import type { WorldKind } from './worker.ts'

export interface Mutant extends Replacement {
  readonly name: string
  readonly says: string
  /** What hides the bug and goes with it. */
  readonly also?: readonly Replacement[]
  /** In which worlds it is looked for; in those of all faults if nothing is said. */
  readonly kind?: WorldKind
  readonly window: { readonly from: number; readonly count: number }
}

const first = { from: 1, count: 200 } as const

export const mutants: readonly Mutant[] = [
  {
    name: 'echo',
    says: 'our own adjustment counts as a change of the shop',
    file: 'packages/protocol/src/fold.ts',
    find: `    case 'adjust':
    case 'attached':`,
    replace: `    case 'adjust':
      return 'manual'
    case 'attached':`,
    window: first,
  },
  {
    name: 'no-operation-key',
    says: 'the shop does an adjustment again that it did before',
    file: 'packages/node/src/shop/adjustments.ts',
    find: `if (before !== undefined) return { opId, status: 'repeated', ...before }`,
    replace: '',
    window: first,
  },
  {
    name: 'forward-before-commit',
    says: 'others hear of a batch that is not on the disk yet',
    file: 'packages/node/src/ledger/ledger.ts',
    find: '        const written = operations.length > 0',
    replace: `        this.#ahead.clear()
        this.#sign(batch.touched)
        const told = batch.committed()
        for (const listener of this.#listeners) listener(told)
        const written = operations.length > 0`,
    window: first,
  },
  {
    name: 'covers-nothing',
    says: 'a stock count does not say what it covers',
    file: 'packages/protocol/src/stock-count.ts',
    find: 'stamp, covers: count.covers }',
    replace: 'stamp, covers: [] }',
    window: first,
  },
  {
    name: 'count-without-reading',
    says: 'a stock count does not read first what its shop sold',
    file: 'packages/node/src/node/count-stock.ts',
    find: 'const observed = await node.shop.observe()',
    replace: "const observed = { ok: true, value: { rid: '', seq: 0 } } as const",
    window: { from: 201, count: 200 },
  },
  {
    name: 'latest-first',
    says: 'of two first numbers the later one stands, as it came',
    file: 'packages/protocol/src/level.ts',
    find: "return kindA === 'count' ? order > 0 : order < 0",
    replace: "return kindA === 'count' ? order > 0 : false",
    window: first,
  },
  {
    name: 'early-import',
    says: 'a joining shop does not wait for what the others hold',
    file: 'packages/node/src/shop-sync/importer.ts',
    find: 'return record.caughtUp || record.acceptor === null || this.#holdsAllOf(record.acceptor)',
    replace: 'return record.caughtUp || record.acceptor === null || record.listed',
    window: first,
  },
  {
    name: 'clock-of-one-way',
    says: 'a clock that was set back keeps claims from being told',
    file: 'packages/protocol/src/elapsed.ts',
    find: 'now < since || ',
    replace: '',
    window: first,
  },
  {
    name: 'deaf-host',
    says: 'a failed write of a join request does not end the life of the node',
    file: 'packages/node/src/node/node-host.ts',
    find: 'folder.openStorage((error) => void this.#renew(life, error))',
    replace: 'folder.openStorage(() => undefined)',
    window: first,
  },
  {
    name: 'full-claim-of-a-part',
    says: 'a chunk that is not the last one carries the claim',
    file: 'packages/protocol/src/serving.ts',
    find: 'const digest = part.end ? claim.digest : null',
    replace: 'const digest = claim.digest',
    window: first,
  },
  {
    name: 'held-is-counted',
    says: 'a mass change that waits for its owner is told to the others all the same',
    file: 'packages/node/src/shop-sync/held-changes.ts',
    find: 'return held.size === 0 ? changes : changes.filter(({ seq }) => !held.has(seq))',
    replace: 'return changes',
    window: first,
  },
  {
    name: 'not-taken-back',
    says: 'what was counted of a mass change before it could be known as one is held and stays counted',
    file: 'packages/node/src/shop-sync/held-changes.ts',
    find: "draft.change(key, -delta, 'undo', 'held', at)",
    replace: '',
    window: first,
  },
  {
    name: 'withheld-after-undo',
    says: 'a mass change of another shop is withheld on after a stock count has covered it',
    file: 'packages/protocol/src/withheld.ts',
    find: 'return changes.filter(({ rid, seq }) => seq > (covered.get(rid) ?? 0))',
    replace: 'return covered.size < 0 ? [] : changes',
    window: first,
  },
  {
    name: 'sales-withheld',
    says: 'sales are withheld with the mass change of their shop',
    file: 'packages/protocol/src/withheld.ts',
    find: "return cause === 'manual' || cause === 'unknown'",
    replace: "return cause !== 'received'",
    window: first,
  },
  {
    name: 'unsigned-claim',
    says: 'records are taken under a claim that their shop has not signed',
    file: 'packages/protocol/src/replication.ts',
    find: 'if (!source.isSigned(rid, claim)) return',
    replace: 'if (claim.high === 0) return',
    window: first,
  },
  {
    name: 'unsigned-history',
    says: 'a history is merged that its shop has not signed',
    file: 'packages/protocol/src/testimony.ts',
    find: 'if (!isSigned(rid, claim)) return',
    replace: 'if (claim.high === 0) return',
    window: first,
  },
  {
    name: 'undone-twice',
    says: 'what a stock count covers is undone again',
    file: 'packages/protocol/src/member-undo.ts',
    find: 'seq > (covered.get(rid) ?? 0) ? sum + delta : sum',
    replace: 'seq > Math.min(0, covered.get(rid) ?? 0) ? sum + delta : sum',
    window: first,
  },
  {
    name: 'own-rid-again',
    says: 'a node that was put back goes on under the replica id that it had',
    file: 'packages/node/src/ledger/ledger.ts',
    find: 'this.#ownRid = ridOf(this.#shop, this.#random.bytes(8))',
    replace: 'this.#ownRid = ridOf(this.#shop, new Uint8Array(8))',
    window: first,
  },
  {
    name: 'no-intent',
    says: 'an adjustment is not noted before the call',
    file: 'packages/node/src/shop-sync/book.ts',
    find: 'draft.put(put(encodeKey(tables.intent, intent.stockId), encodeJson(intent)))',
    replace: '',
    window: first,
  },
  {
    name: 'shadow-before-the-call',
    says: 'the shadow level moves when an adjustment is noted, not when the shop has made it',
    file: 'packages/node/src/shop-sync/settler.ts',
    find: `        this.#book.openIntent(draft, {`,
    replace: `        this.#book.setRow(draft, { ...row, stock: (row.stock ?? 0) + decision.delta })
        this.#book.openIntent(draft, {`,
    window: first,
  },
  {
    name: 'hello-of-now',
    says: 'a HELLO is compared with what is held by now',
    file: 'packages/protocol/src/replication.ts',
    find: 'const own = peer.greeted.get(shop)',
    replace: `const held = shopHashes(state.claims).find((line) => line.shop === shop)
    const own = held && { ...held, lines: claimsOfShop(state.claims, shop) }`,
    window: first,
  },
  {
    name: 'history-gap',
    says: 'movements are taken though those before them are missing',
    file: 'packages/protocol/src/history.ts',
    find: `  if (isJump && part.first > part.floor) {`,
    replace: `  if (isJump && part.first < part.floor) {`,
    window: first,
  },
  {
    name: 'history-ahead-of-disk',
    says: 'movements count as held before their batch is on the disk',
    file: 'packages/node/src/ledger/ledger.ts',
    find: `        const operations = batch.operations()
`,
    replace: `        const operations = batch.operations()
        this.#keepHistory(batch.history)
`,
    window: { from: 601, count: 200 },
  },
  {
    name: 'damaged-is-claimed',
    says: 'a replica of which a record was damaged on disk is claimed as if it were whole',
    file: 'packages/node/src/ledger/ledger.ts',
    find: '.filter((rid) => !this.#suspects.has(rid))',
    replace: '',
    window: first,
  },
  {
    name: 'above-the-claim',
    says: 'records count before their claim has come',
    file: 'packages/node/src/replication/replicator.ts',
    find: 'await this.#storage.write([put(key, finish(writer)), stageRow(rid, stage)])',
    replace: `await this.#storage.write([put(key, finish(writer)), stageRow(rid, stage)])
    await this.#ledger.commit((draft) => {
      for (const bytes of records) {
        const { ok, value: record } = decodeRecord(bytes) as { ok: true; value: ReceivedRecord['record'] }
        if (!ok) continue
        this.#ledger.holdings.place({ rid, record, bytes })
        draft.touch(record.key)
      }
    })`,
    window: first,
  },
  {
    name: 'over-a-gap',
    says: 'an answer goes on where an earlier one to the same peer ended, and is taken over the gap',
    file: 'packages/protocol/src/replication.ts',
    find: 'peer.serving.set(message.rid, { through: message.above, nextIndex: 0, unacknowledged: 0 })',
    replace: `{
        const through = Math.max(message.above, peer.serving.get(message.rid)?.through ?? 0)
        peer.serving.set(message.rid, { through, nextIndex: 0, unacknowledged: 0 })
      }`,
    also: [
      {
        file: 'packages/protocol/src/replication.ts',
        find: ' || chunk.above > pull.through) return',
        replace: ') return',
      },
      // Else the digest shows it, and all is asked for again.
      {
        file: 'packages/protocol/src/holdings.ts',
        find: 'if (!equalBytes(holdings.hashes.condense(sum), claim.digest)) {',
        replace: 'if (claim.high < 0) {',
      },
    ],
    window: { from: 205, count: 20 },
  },
  {
    name: 'sum-of-what-is-left',
    says: 'the sum behind a digest is made of the records that are left, so that a damaged one is not missed',
    file: 'packages/node/src/ledger/load-records.ts',
    find: 'base !== null && claim.records === holdings.recordCount(rid)',
    replace: 'base !== null',
    window: first,
  },
  {
    name: 'departed-is-dropped',
    says: 'records of a shop that is out are not taken any more: who joins later misses them in the sum',
    file: 'packages/node/src/network/network-side.ts',
    find: 'const former = view === null ? [] : formerShops(view)',
    replace: 'const former: readonly string[] = []',
    window: first,
  },
  {
    name: 'leaves-unheard',
    says: 'a shop leaves before another one has heard of all that it did',
    file: 'packages/node/src/node/node-host.ts',
    find: 'isAlone(node) || (await findHeir(node))',
    replace: 'true',
    window: first,
  },
  {
    name: 'goods-after-goodbye',
    says: 'a shop that leaves takes goods that nobody will hear of, and answers that they are in',
    file: 'packages/node/src/node/open-changes.ts',
    find: 'return this.#open === 0',
    replace: 'return true',
    also: [
      {
        file: 'packages/node/src/node/open-changes.ts',
        find: 'if (this.#departures > 0) {',
        replace: 'if (this.#departures < 0) {',
      },
    ],
    window: { from: 4_581, count: 40 },
  },
  {
    name: 'evicted-goes-on',
    says: 'a shop that was removed does not see that it is out, and goes on',
    file: 'packages/protocol/src/removal.ts',
    find: 'return view.pending.includes(shop) || view.evicted.includes(shop)',
    replace: 'return false',
    window: { from: 701, count: 200 },
  },
  {
    name: 'leaves-to-the-leaving',
    says: 'a shop leaves what only it knows to one that leaves itself',
    file: 'packages/node/src/node/goodbye.ts',
    find: 'return body === words.stay',
    replace: 'return body !== null',
    kind: 'goodbyes',
    window: first,
  },
  {
    name: 'takes-it-along',
    says: 'a shop that leaves looks at its own changes only, and takes along what it alone knows of others',
    file: 'packages/node/src/node/goodbye.ts',
    find: 'if (!replicator.isHeldBy(member)) return false',
    replace: '',
    kind: 'goodbyes',
    window: { from: 901, count: 100 },
  },
  {
    name: 'two-words',
    says: 'a shop relies on another one to which it gave its own word meanwhile',
    file: 'packages/node/src/node/goodbye.ts',
    find: 'this.#given !== given || ',
    replace: '',
    kind: 'goodbyes',
    window: { from: 1_851, count: 50 },
  },
  {
    name: 'gone-acceptor-is-enough',
    says: 'a shop whose acceptor left begins its import without having heard of what that one knew',
    file: 'packages/node/src/node/stock-node.ts',
    find: 'members().includes(acceptor) ? [acceptor] : others()',
    replace: 'members().includes(acceptor) ? [acceptor] : []',
    kind: 'goodbyes',
    window: { from: 401, count: 100 },
  },
  {
    name: 'shares-rounded-up',
    says: 'the shares of sides that are parted add up to more than the level',
    file: 'packages/protocol/src/shares.ts',
    find: 'Math.floor((rest * weight) / total)',
    replace: 'Math.ceil((rest * weight) / total)',
    kind: 'parted',
    window: first,
  },
  {
    name: 'share-is-kept',
    says: 'what a side sells while it is parted does not come off its share',
    file: 'packages/node/src/shop-sync/partition-guard.ts',
    find: 'side.has(shop) ? move.units : 0',
    replace: 'side.has(shop) ? Math.max(0, move.units) : 0',
    kind: 'parted',
    window: first,
  },
]
