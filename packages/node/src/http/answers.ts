/**
 * What every call of `/api/v1` answers, as schemas: the interface's description is made from them, and tests hold every
 * answer against them. Each is exactly the type that the admin pages read: a field or a value that stands in one of the
 * two alone does not compile.
 */
import type {
  Cause,
  GuardAnswer,
  ImportAnswer,
  ImportFailedItem,
  ImportState,
  JoinAnswer,
  JoinRequestItem,
  JoinState,
  LogItem,
  MemberStatus,
  MovementItem,
  ProblemItem,
  ProblemKind,
  ProblemList,
  ProductRow,
  SessionAnswer,
  ShopState,
  SkuChoice,
  StatusAnswer,
  StopAllAnswer,
  StockDetail,
  StockItem,
  StockState,
  ShopLocation,
} from '@stockmesh/protocol'
import { guardShares, languages, limits } from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly, memberId, time, units } from './answer-schema.ts'

export const noAnswer: ZodType<object> = z.strictObject({}).describe('Nothing: it is done.')

export const sessionAnswer: ZodType<SessionAnswer> = exactly<SessionAnswer>()(
  z
    .strictObject({
      state: z.enum(['setup', 'signed-out', 'signed-in']),
      role: z.enum(['admin', 'viewer']).nullable(),
      hasPassword: z.boolean(),
      name: z.string().nullable(),
      language: z.enum(languages).nullable(),
    })
    .meta({ id: 'Session' }),
)

const importState: ZodType<ImportState> = exactly<ImportState>()(
  z.enum(['idle', 'listing', 'ready', 'running', 'paused', 'done', 'failed']),
)

const importProgress: ZodType<StatusAnswer['import']> = exactly<StatusAnswer['import']>()(
  z.strictObject({ state: importState, done: amount, total: amount }),
)

const shopState: ZodType<ShopState> = exactly<ShopState>()(
  z.enum(['connecting', 'connected', 'unreachable', 'idle', 'paused']),
)

export const memberStatus: ZodType<MemberStatus> = exactly<MemberStatus>()(
  z
    .strictObject({
      id: memberId,
      name: z.string(),
      url: z.string(),
      self: z.boolean(),
      online: z.boolean(),
      lastContactAt: time.nullable(),
      behind: amount.nullable().describe('Changed SKUs that it has not claimed; null if it was never heard.'),
      release: z.string().nullable(),
      clockAheadMs: z.number().nullable(),
      import: importProgress.nullable(),
      shopState: shopState.nullable(),
    })
    .meta({ id: 'Member' }),
)

/** A place where the shop keeps stock of its own. */
export const shopLocation: ZodType<ShopLocation> = exactly<ShopLocation>()(
  z.strictObject({ id: z.string(), name: z.string() }),
)

export const stopAllAnswer: ZodType<StopAllAnswer> = exactly<StopAllAnswer>()(
  z
    .strictObject({
      stopped: z.boolean(),
      since: time.nullable().describe('Since when, by the clock of the shop that said so.'),
      by: memberId.nullable(),
      unheard: z.array(memberId).readonly().describe('Members that have not told that they heard the last word.'),
    })
    .meta({ id: 'StopAll' }),
)

export const guardWeight: z.ZodInt = z.int().min(0).max(limits.guardWeightMax)
export const guardSeconds: z.ZodInt = z
  .int()
  .min(limits.guardOutOfReachMsMin / 1_000)
  .max(limits.guardOutOfReachMsMax / 1_000)

export const guardAnswer: ZodType<GuardAnswer> = exactly<GuardAnswer>()(
  z
    .strictObject({
      on: z.boolean(),
      outOfReachSeconds: guardSeconds.describe('For how long a member is away before it counts as out of reach.'),
      shares: z
        .enum(guardShares)
        .describe('Where the weights come from: equal, the sales of 7 days, or set by a person.'),
      weights: z.array(z.strictObject({ member: memberId, weight: guardWeight })).readonly(),
      closed: z.array(memberId).readonly().describe('Shops that a person declared closed: others take their share.'),
      unheard: z.array(memberId).readonly().describe('Members that have not told that they heard the last word.'),
      outOfReach: z.array(memberId).readonly(),
      shownPercent: z
        .int()
        .min(0)
        .max(100)
        .nullable()
        .describe('The share that this side may show of what was there at the parting; null: everything is shown.'),
    })
    .meta({ id: 'PartitionGuard' }),
)

/** Who this node is. */
export const nodeAnswer: ZodType<StatusAnswer['node']> = exactly<StatusAnswer['node']>()(
  z.strictObject({ id: memberId, name: z.string(), url: z.string(), release: z.string() }).meta({ id: 'Node' }),
)

export const statusAnswer: ZodType<StatusAnswer> = exactly<StatusAnswer>()(
  z
    .strictObject({
      node: nodeAnswer,
      shop: z.strictObject({
        connector: z.string(),
        promise: z.enum(['exact', 'best-effort']),
        state: shopState,
        lastContactAt: time.nullable(),
        url: z.string().nullable(),
        location: shopLocation.nullable().describe('Which of several stock locations is synchronised.'),
      }),
      network: z
        .strictObject({
          id: z.string(),
          inStep: z.boolean(),
          evicted: z.boolean(),
          members: z.array(memberStatus).readonly(),
        })
        .nullable(),
      import: importProgress,
      stock: z.strictObject({ skus: amount, matched: amount, oversold: amount, problems: amount }),
      pending: z
        .strictObject({ in: amount, out: amount, shop: amount })
        .describe('Changes on their way: not yet here, not yet at some member, not yet confirmed in our own shop.'),
      lastChangeAt: time.nullable(),
      stopAll: stopAllAnswer,
      partitionGuard: guardAnswer,
    })
    .meta({ id: 'Status' }),
)

export const stockState: ZodType<StockState> = exactly<StockState>()(
  z.enum(['left-out', 'duplicate', 'held', 'untracked', 'not-here', 'only-here', 'oversold', 'waiting', 'synced']),
)

const stockFields = {
  sku: z.string(),
  name: z.string(),
  level: units.nullable().describe('Units that can be sold, network-wide; null while the network has no number.'),
  shown: units.nullable().describe('What this shop is to show; null where the SKU is not synchronised here.'),
  shopLevel: units.nullable().describe('What this shop reported last.'),
  state: stockState,
  updatedAt: time.nullable(),
}

export const stockItem: ZodType<StockItem> = exactly<StockItem>()(z.strictObject(stockFields).meta({ id: 'StockItem' }))

const productRow: ZodType<ProductRow> = exactly<ProductRow>()(
  z.strictObject({
    id: z.string(),
    parentId: z.string().nullable(),
    sku: z.string().nullable(),
    name: z.string(),
    stock: units.nullable(),
    adminUrl: z.string().nullable(),
  }),
)

export const skuChoiceFields: { readonly [Name in keyof SkuChoice]: ZodType<SkuChoice[Name]> } = {
  buffer: amount.nullable().describe("Units held back here in place of the shop's buffer; null: the shop's holds."),
  leftOut: z
    .strictObject({
      since: time,
      difference: units.describe('What this shop itself added and removed since, counted nowhere.'),
    })
    .nullable()
    .describe('Nothing of the SKU is counted or written in this shop; null: it takes part.'),
}

export const stockDetail: ZodType<StockDetail> = exactly<StockDetail>()(
  z
    .strictObject({
      ...stockFields,
      ...skuChoiceFields,
      baseline: z.strictObject({ quantity: units, by: memberId, at: time, generation: amount }).nullable(),
      byShop: z
        .array(z.strictObject({ member: memberId, added: amount, removed: amount }))
        .readonly()
        .describe('Since the baseline: baseline + the sum of added - removed = level.'),
      products: z.array(productRow).readonly().describe("This shop's rows under the SKU."),
      shops: z
        .array(
          z.strictObject({
            member: memberId,
            listed: z.boolean().nullable(),
            shown: units.nullable(),
            shopLevel: units.nullable(),
            state: stockState.nullable(),
            readAt: time.nullable(),
          }),
        )
        .readonly()
        .describe('Asked from the members while you wait, 2 s at most; null means no answer.'),
    })
    .meta({ id: 'StockDetail' }),
)

const cause: ZodType<Cause> = exactly<Cause>()(
  z.enum([
    'sale',
    'cancel',
    'return',
    'manual',
    'stock-count',
    'received',
    'created',
    'import',
    'repair',
    'undo',
    'catch-up',
    'unknown',
  ]),
)

export const movementItem: ZodType<MovementItem> = exactly<MovementItem>()(
  z
    .strictObject({
      at: time,
      member: memberId,
      delta: units,
      cause,
      reference: z.string().nullable().describe('An order number or the like.'),
      levelAfter: units.nullable().describe('The level where and when it happened.'),
    })
    .meta({ id: 'Movement' }),
)

export const logItem: ZodType<LogItem> = exactly<LogItem>()(
  z
    .strictObject({
      at: time,
      member: memberId,
      sku: z.string().nullable(),
      name: z.string().nullable(),
      delta: units.nullable(),
      levelAfter: units.nullable(),
      cause: z.string(),
      reference: z.string().nullable(),
      result: z.string(),
    })
    .meta({ id: 'LogItem' }),
)

const joinState: ZodType<JoinState> = exactly<JoinState>()(z.enum(['sent', 'seen', 'accepted', 'refused', 'expired']))

export const joinAnswer: ZodType<JoinAnswer> = exactly<JoinAnswer>()(
  z
    .union([
      z.strictObject({ state: z.literal('none') }),
      z.strictObject({
        id: z.string(),
        address: z.string(),
        code: z.string().nullable(),
        state: joinState,
        error: z.string().nullable(),
        errorCode: z.string().nullable(),
        expiresAt: time,
      }),
    ])
    .meta({ id: 'Join' }),
)

export const joinRequestItem: ZodType<JoinRequestItem> = exactly<JoinRequestItem>()(
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      url: z.string(),
      code: z.string().nullable(),
      state: joinState,
      at: time,
    })
    .meta({ id: 'JoinRequest' }),
)

export const importAnswer: ZodType<ImportAnswer> = exactly<ImportAnswer>()(
  z
    .strictObject({
      state: importState,
      done: amount,
      total: amount,
      pausedBy: z
        .enum(['shop', 'import'])
        .nullable()
        .describe('While `state` is `paused`: whether the whole shop is paused, or the import alone.'),
      cancelling: z.boolean().describe('What it wrote is being taken back; `done` and `total` count that.'),
      failedCount: amount,
      ratePerSecond: z.number().nullable(),
      startedAt: time.nullable(),
      finishedAt: time.nullable(),
      undo: z
        .strictObject({
          state: z.enum(['available', 'running', 'done']),
          done: amount,
          total: amount.describe('SKUs that the import changed; 0 while nobody asked for it.'),
          refusedCount: amount.describe('SKUs that the shop did not let be adjusted.'),
          until: time.describe('Until when it can be asked for.'),
        })
        .nullable()
        .describe('Taking the import back; null where there is nothing to take back.'),
    })
    .meta({ id: 'Import' }),
)

export const importFailedItem: ZodType<ImportFailedItem> = exactly<ImportFailedItem>()(
  z
    .strictObject({
      sku: z.string().nullable(),
      name: z.string(),
      productId: z.string(),
      code: z.string(),
      message: z.string(),
    })
    .meta({ id: 'ImportFailed' }),
)

const problemKind: ZodType<ProblemKind> = exactly<ProblemKind>()(
  z.enum([
    'duplicate',
    'held',
    'rollback',
    'paused-diff',
    'key-rejected',
    'clock',
    'counted-together',
    'oversold',
    'fraction',
    'import-row',
    'shop-unreachable',
    'shop-copied',
    'unwritable',
    'unclear',
    'fork',
    'clone',
    'bad-peer',
    'doubt',
    'damaged',
    'alert-failed',
  ]),
)

export const problemItem: ZodType<ProblemItem> = exactly<ProblemItem>()(
  z
    .strictObject({
      id: z.string(),
      version: amount.describe('Goes with an action: one on a problem that grew meanwhile is refused.'),
      kind: problemKind,
      member: memberId,
      sku: z.string().nullable(),
      count: amount,
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      since: time,
      actions: z.array(z.strictObject({ id: z.string(), destructive: z.boolean() })).readonly(),
    })
    .meta({ id: 'Problem' }),
)

export const problemList: ZodType<ProblemList> = exactly<ProblemList>()(
  z.strictObject({
    items: z.array(problemItem).readonly(),
    next: z.string().nullable(),
    total: amount,
    unanswered: z
      .array(z.strictObject({ id: memberId, name: z.string() }))
      .readonly()
      .describe('Members that were asked and did not answer in time: their problems are not known.'),
  }),
)
