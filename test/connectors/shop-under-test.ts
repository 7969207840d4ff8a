/**
 * What the conformance suite must be able to do with a shop: the hooks of its back door, past the connector. A hook
 * that a shop has not is left out, and `cannot` says why; a case that needs it is then skipped with that sentence.
 */
import type { LedgerConnector } from '../../packages/node/src/connectors/connector.ts'
import type { HintVerdict, ShopHint } from '../../packages/node/src/connectors/platform.ts'

/**
 * What can go wrong with the next call that the connector makes, and only with that one. This is the one list of it: a shop
 * that cannot show one of them says why in `cannot`.
 *
 *   lost-answer    the shop does what it was asked, and the answer never comes
 *   lost-question  the question never comes to the shop
 *   throttled      HTTP 429 or its like
 *   server-error   HTTP 500 or its like; nothing was done
 *   html           an HTML page with status 200; nothing was done
 *   empty-list     a listing that says that there is nothing
 *   silent-no-op   success, and nothing was done
 *   token-expired  the token has run out
 */
export type Fault =
  | 'lost-answer'
  | 'lost-question'
  | 'throttled'
  | 'server-error'
  | 'html'
  | 'empty-list'
  | 'silent-no-op'
  | 'token-expired'

/** The calls that a fault may meet: those that read stock or movements, and those that write. */
export type FaultyCall = 'read' | 'write'

export interface ShopUnderTest extends AsyncDisposable {
  /** The connector of this life; another one after `reopen`. */
  readonly connector: LedgerConnector
  /** Answers the stock id. */
  create(product: { readonly sku: string | null; readonly stock: number | null }): Promise<string>
  /** What the shop has, by its own word and not through the connector. */
  stockOf(stockId: string): Promise<number | null>
  /** A customer buys; answers the order. */
  sell(stockId: string, units: number): Promise<string>
  /** The order is cancelled and its goods go back. */
  cancel?(order: string): Promise<void>
  /** Somebody types a number over the old one; null: the stock is not tracked from now on. */
  type?(stockId: string, stock: number | null): Promise<void>
  /** Half a unit. */
  typeFraction?(stockId: string): Promise<void>
  /** The product gets another model/varenr. */
  rename?(stockId: string, sku: string | null): Promise<void>
  remove?(stockId: string): Promise<void>
  /** Another product with this SKU, where the platform lets two have the same; answers its stock id. */
  createTwin?(sku: string, stock: number): Promise<string>
  /** A product with two SKUs on one stock number; answers its stock id. */
  createPool?(skus: readonly [string, string], stock: number): Promise<string>
  /** A product that sells the stock of others, and shows a number of its own; answers its stock id. */
  createBundle?(sku: string, stock: number): Promise<string>
  /** The next call of that kind goes wrong. */
  breakNext?(fault: Fault, call: FaultyCall): void
  /** Runs just before the shop makes the next write: between the connector's reading and its writing. */
  beforeNextWrite?(run: () => Promise<void>): void
  /** What a shop sends when something may have changed, as it comes through: once, twice, late, or made up. */
  hint?(): void
  /** A hint as the shop signs it, and the platform's verdict on one. */
  signedHint?: {
    readonly request: () => ShopHint
    readonly check: (hint: ShopHint) => HintVerdict
  }
  /** Hints that the shop itself switches off, as after several that nobody took. */
  hintSwitch?: {
    readonly switchOff: () => Promise<void>
    readonly areOn: () => Promise<boolean>
  }
  /** The shop's clock stands still, or goes on. */
  stopClock?(stands: boolean): void
  /** Files and database are copied to another address; what the connector reaches from then on is the copy. */
  copy?: {
    readonly begin: () => Promise<void>
    /** An administrator says that it is a shop of its own. */
    readonly claim: () => Promise<void>
  }
  /** The connector is killed, and opened anew from what it has on disk. */
  reopen?(): Promise<void>
  /** Units below which the shop does not go; null: none. */
  readonly stockMin: number | null
  /** Why a hook is left out or a fault cannot be shown, as `no orders in this shop`. */
  readonly cannot: Readonly<Partial<Record<keyof ShopUnderTest | Fault, string>>>
  /** How long a change may take to come through, in milliseconds. */
  readonly patienceMs: number
}
