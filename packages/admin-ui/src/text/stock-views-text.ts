/** The sentences about what happened to stock: what is oversold, the charts, and lists that are counted or received. */

export interface StockViewsTexts {
  readonly oversoldPage: OversoldText
  readonly charts: ChartsText
  readonly stockList: StockListText
}

interface OversoldText {
  readonly title: string
  readonly intro: string
  readonly none: string
  missing(units: number): string
  between(duration: string, orders: number): string
  readonly noOrders: string
  /** What the shop of an order does: write to the buyer, or send as always. */
  write(units: number): string
  readonly send: string
  readonly solve: string
  readonly restock: string
}

interface ChartsText {
  readonly course: string
  courseOf(sku: string): string
  readonly courseNone: string
  courseFrom(day: string): string
  readonly table: string
  readonly day: string
  readonly endOfDay: string
  readonly activity: string
  readonly activityNone: string
  changes(count: number): string
  readonly hour: string
  /** Under the axis. */
  readonly now: string
  hoursAgo(hours: number): string
}

interface StockListText {
  readonly open: string
  readonly title: string
  readonly kind: string
  readonly kinds: Readonly<Record<'count' | 'received', string>>
  readonly countIntro: string
  readonly receivedIntro: string
  readonly lines: string
  readonly linesHint: Readonly<Record<'count' | 'received', string>>
  readonly file: string
  readonly begun: string
  readonly begunHint: string
  readonly preview: string
  unread(lines: string): string
  readonly empty: string
  summary(lines: number, units: number): string
  refused(lines: number): string
  readonly before: string
  readonly after: string
  readonly difference: string
  readonly save: Readonly<Record<'count' | 'received', string>>
  saved(lines: number, units: number): string
}
