/**
 * Every sentence of the admin pages, as one type. Each language is one object of this type, so a sentence that is
 * missing in one of them does not compile. Functions take what changes; numbers arrive as numbers and are written by
 * the language's own format.
 */
import type { Cause, ImportState, JoinState, ProblemKind, ShopState, StockState } from '@stockmesh/protocol/api'
import type { AccessTexts } from './access-text.ts'
import type { ChoiceText } from './choice-text.ts'
import type { FormText } from './form-text.ts'
import type { GuardTexts } from './guard-text.ts'
import type { ImportFlowText } from './import-text.ts'
import type { PlatformsText } from './platform-text.ts'
import type { StockViewsTexts } from './stock-views-text.ts'

export interface AdminText extends FormText, ChoiceText, ImportFlowText, AccessTexts, GuardTexts, StockViewsTexts {
  readonly platforms: PlatformsText
  readonly nav: Readonly<Record<'overview' | 'products' | 'problems' | 'log' | 'shops' | 'settings', string>>
  readonly common: CommonText
  readonly entry: EntryText
  readonly sentence: SentenceText
  readonly overview: OverviewText
  readonly join: JoinText
  readonly import: ImportText
  readonly requests: RequestsText
  readonly products: ProductsText
  readonly problems: ProblemsText
  readonly log: LogText
  readonly shops: ShopsText
  readonly live: LiveText
}

interface CommonText {
  readonly loading: string
  readonly cancel: string
  readonly close: string
  readonly more: string
  readonly previous: string
  readonly search: string
  readonly all: string
  readonly none: string
  readonly language: string
  readonly signOut: string
  readonly viewer: string
  readonly skip: string
  readonly tryAgain: string
  readonly never: string
  readonly noName: string
  readonly noSku: string
  readonly unknownShop: string
  readonly storefront: string
  readonly goesOn: string
  /** A list as the spreadsheets of this language read it, and as programs do. */
  readonly csv: string
  readonly csvPlain: string
  rows(first: number, last: number, total: number): string
}

interface EntryText {
  readonly setupTitle: string
  readonly setupIntro: string
  readonly token: string
  readonly tokenHint: string
  readonly shopName: string
  readonly shopNameHint: string
  readonly password: string
  readonly passwordHint: string
  readonly passwordShow: string
  readonly setupDo: string
  readonly signInTitle: string
  readonly signInPassword: string
  readonly signInDo: string
}

export interface SentenceText {
  readonly inStep: string
  readonly alone: string
  readonly unconnected: string
  readonly evicted: string
  readonly comparing: string
  readonly restInStep: string
  readonly paused: string
  readonly importFailed: string
  readonly importReady: string
  joinSent(address: string): string
  joinSeen(address: string): string
  readonly joinAccepted: string
  importing(done: number, total: number): string
  listing(done: number): string
  readonly shopPaused: string
  readonly stoppedAll: string
  shopUnreachable(since: string | null): string
  memberAway(name: string, since: string | null): string
  membersAway(names: string): string
  problems(count: number): string
  oversold(count: number): string
  waiting(count: number): string
  facts(shops: number, skus: number, lastChange: string | null): string
}

interface OverviewText {
  readonly nextStep: string
  /** The first two steps of a shop that is in no network yet. */
  readonly stepShop: string
  readonly stepShopHint: string
  readonly stepShopOpen: string
  readonly stepStart: string
  readonly firstTitle: string
  readonly firstIntro: string
  readonly firstDo: string
  readonly otherTitle: string
  readonly otherIntro: string
  readonly inviteTitle: string
  inviteIntro(url: string): string
  readonly shops: string
  readonly latestLogs: string
  readonly allLog: string
  readonly noLog: string
  problemsLink(count: number): string
  readonly oversoldLink: string
}

interface JoinText {
  readonly address: string
  readonly addressHint: string
  readonly send: string
  readonly title: string
  readonly codeLabel: string
  readonly codeHint: string
  readonly withdraw: string
  readonly again: string
  readonly states: Readonly<Record<JoinState, string>>
  readonly advice: Readonly<Record<JoinState, string>>
  expires(at: string): string
}

interface ImportText {
  readonly title: string
  readonly do: string
  readonly readyIntro: string
  readonly again: string
  readonly states: Readonly<Record<ImportState, string>>
  progress(done: number, total: number): string
  rate(perSecond: number): string
  left(duration: string): string
  failed(count: number): string
  finished(at: string): string
}

interface RequestsText {
  readonly title: string
  readonly none: string
  readonly code: string
  readonly accept: string
  readonly refuse: string
  readonly waitingCode: string
  confirmTitle(name: string): string
  readonly confirmIntro: string
  readonly confirmDo: string
  readonly confirmNot: string
  refuseTitle(name: string): string
  readonly refuseIntro: string
}

interface ProductsText {
  readonly searchHint: string
  readonly state: string
  readonly sort: string
  readonly sorts: Readonly<Record<'sku' | 'name' | 'level' | '-level' | '-updatedAt', string>>
  readonly sku: string
  readonly name: string
  readonly level: string
  readonly shownHere: string
  readonly shopHas: string
  readonly updated: string
  readonly empty: string
  readonly emptySearch: string
  readonly states: Readonly<Record<StockState, string>>
  readonly stateHelp: Readonly<Record<StockState, string>>
  readonly explained: string
  readonly start: string
  startBy(shop: string, at: string): string
  readonly added: string
  readonly removed: string
  readonly sum: string
  readonly noBaseline: string
  readonly ownRows: string
  readonly noOwnRows: string
  readonly otherShops: string
  readonly noAnswer: string
  readonly notListed: string
  readonly movements: string
  readonly noMovements: string
  readonly showInLog: string
  readonly openInShop: string
  noLevelYet(): string
}

interface ProblemsText {
  readonly intro: string
  readonly none: string
  readonly noneHint: string
  readonly titles: Readonly<Record<ProblemKind, string>>
  explain(kind: ProblemKind, count: number): string
  massChange(count: number): string
  memberMassChange(shop: string, count: number): string
  goToZero(count: number): string
  /** One product that is held because of what the shop reports for it. */
  readonly heldRow: string
  /** One that sells the stock of other products. */
  readonly bundleRow: string
  /** Leads to where the SKU is counted. */
  readonly countIt: string
  differBy(units: number): string
  readonly orders: string
  readonly decisionsTitle: string
  readonly duplicateTitle: string
  readonly duplicateHelp: string
  readonly colliding: string
  readonly actions: Readonly<Record<string, string>>
  readonly confirmTitle: string
  readonly confirmIntro: string
  since(at: string): string
  showItems(count: number): string
  readonly hideItems: string
}

interface LogText {
  readonly time: string
  readonly shop: string
  readonly change: string
  readonly after: string
  readonly cause: string
  readonly reference: string
  readonly result: string
  readonly empty: string
  readonly causes: Readonly<Record<Cause, string>>
  /** Causes of the rare events that are not movements. */
  readonly events: Readonly<Record<string, string>>
  readonly results: Readonly<Record<string, string>>
  replaced(from: number, to: number): string
  imported(products: number): string
  /** What a person typed over the number before. */
  typed(stock: number): string
}

interface ShopsText {
  readonly members: string
  readonly alone: string
  readonly self: string
  readonly online: string
  readonly offline: string
  offlineSince(at: string): string
  readonly neverSeen: string
  lastContact(at: string): string
  readonly caughtUp: string
  behind(count: number): string
  readonly neverHeard: string
  readonly ownShop: string
  readonly shopStates: Readonly<Record<ShopState, string>>
  readonly promises: Readonly<Record<'exact' | 'best-effort', string>>
  readonly openStorefront: string
  release(release: string): string
  clockAhead(duration: string): string
  clockBehind(duration: string): string
  importing(done: number, total: number): string
  theirShop(state: string): string
  readonly joinTitle: string
  readonly joinLater: string
  readonly leaveTitle: string
  readonly leaveIntro: string
  readonly leaveDo: string
  readonly leaveConfirmTitle: string
  readonly leaveStays: readonly string[]
  readonly leaveConfirmDo: string
}

interface LiveText {
  readonly live: string
  readonly polling: string
  readonly reconnecting: string
  stale(since: string): string
}
