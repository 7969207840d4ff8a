/**
 * Canned answers for looking at the pages without a node. One scenario is one state of a node; the stock is a made-up
 * catalogue that changes by itself so that live numbers can be seen to move.
 */
import type {
  GuardAnswer,
  ImportAnswer,
  JoinAnswer,
  JoinRequestItem,
  LiveState,
  LogItem,
  MemberStatus,
  ProblemItem,
  StatusAnswer,
  StockDetail,
  StockItem,
  StockState,
} from '@stockmesh/protocol/api'

export const scenarios = [
  'setup',
  'signed-out',
  'new',
  'joining',
  'refused',
  'accepted',
  'importing',
  'invite',
  'calm',
  'busy',
] as const
export type Scenario = (typeof scenarios)[number]

const names = [
  'Bomuldsbluse, marine',
  'Uldsokker 3-pak',
  'Regnjakke til børn',
  'Termokrus 40 cl',
  'Ællingegul hue',
  'Læderbælte',
]
const shops = ['m7k2qd', 'e4x9rt', 't8w3zc'] as const
const start = Date.now()

function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString()
}

const states: readonly StockState[] = [
  'synced',
  'synced',
  'synced',
  'waiting',
  'synced',
  'only-here',
  'synced',
  'not-here',
  'synced',
  'untracked',
  'synced',
  'oversold',
  'synced',
  'held',
  'duplicate',
]

export const stock: StockItem[] = Array.from({ length: 4182 }, (_, index) => {
  const state = states[index % states.length] ?? 'synced'
  const level = state === 'oversold' ? -1 : (index * 37) % 240
  return {
    sku: `VN-${String(10_000 + index)}`,
    name: index % 41 === 40 ? '' : `${names[index % names.length]} ${index % 7}`,
    level: state === 'untracked' ? null : level,
    shown: state === 'not-here' || state === 'untracked' ? null : Math.max(0, level),
    shopLevel: state === 'not-here' || state === 'untracked' ? null : Math.max(0, level),
    state,
    updatedAt: new Date(start - index * 61_000).toISOString(),
  }
})

const causes = ['sale', 'sale', 'manual', 'cancel', 'import', 'sale', 'return', 'stock-count'] as const

export function movementLog(): readonly LogItem[] {
  return stock.slice(0, 320).map((item, index) => {
    const cause = causes[index % causes.length] ?? 'sale'
    const delta = cause === 'sale' ? -1 - (index % 3) : 1 + (index % 5)
    return {
      at: ago(12 + index * 47),
      member: shops[index % shops.length] ?? shops[0],
      sku: index === 6 ? null : item.sku,
      name: index === 6 ? null : item.name,
      delta: index === 6 ? null : delta,
      levelAfter: index === 6 ? null : item.level,
      cause: index === 6 ? 'joined' : cause,
      reference: cause === 'sale' ? `1${String(4711 + index)}` : null,
      result: index === 6 ? '' : index === 9 ? '40 replaced by 100' : 'counted',
    }
  })
}

export function detailOf(item: StockItem): StockDetail {
  const level = item.level ?? 0
  const products = item.state === 'duplicate' ? [item.name, `${item.name} (kopi)`] : [item.name]
  return {
    ...item,
    baseline: item.level === null ? null : { quantity: level + 9, by: shops[0], at: ago(400_000), generation: 1 },
    byShop: [
      { member: shops[0], added: 12, removed: 14 },
      { member: shops[1], added: 0, removed: 6 },
      { member: shops[2], added: 0, removed: 1 },
    ],
    products: products.map((name, index) => ({
      id: `p${index}`,
      parentId: null,
      sku: item.sku,
      name,
      stock: item.shopLevel,
      adminUrl: '/shop/admin',
    })),
    shops: shops.map((member, index) => ({
      member,
      listed: index < 2,
      shown: index === 2 ? null : item.shown,
      shopLevel: index === 2 ? null : item.shopLevel,
      state: index === 2 ? null : item.state,
      readAt: index === 2 ? null : ago(2),
    })),
  }
}

function problem(
  id: string,
  kind: ProblemItem['kind'],
  sku: string | null,
  count: number,
  actions: readonly string[],
): ProblemItem {
  return {
    id,
    version: 1,
    kind,
    member: shops[0],
    sku,
    count,
    message: `The node's own sentence about ${kind}.`,
    details:
      kind === 'oversold'
        ? { orders: [0, 1].map((n) => ({ member: shops[n], reference: `o${n}`, delta: -1, at: ago(90) })) }
        : {},
    since: ago(5000),
    actions: actions.map((action) => ({ id: action, destructive: action === 'count-in' })),
  }
}

export const problems: readonly ProblemItem[] = [
  problem('1', 'held', null, 2000, ['use-network', 'count-in']),
  problem('2', 'oversold', 'VN-10011', 1, ['dismiss']),
  problem('3', 'shop-unreachable', null, 1, ['retry']),
  problem('4', 'duplicate', 'VN-10014', 2, []),
  problem('5', 'duplicate', 'VN-10029', 3, []),
  problem('6', 'unclear', 'VN-10031', 1, ['dismiss']),
]

export const requests: readonly JoinRequestItem[] = [
  {
    id: 'r1',
    name: 'Butik Norge',
    url: 'https://butik-norge.example:7400',
    code: '7K2Q-9XWD',
    state: 'seen',
    at: ago(95),
  },
]

function member(index: number, name: string, online: boolean, behind: number | null): MemberStatus {
  return {
    id: shops[index] ?? 'none',
    name,
    url: `http://127.0.0.1:740${index}`,
    self: index === 0,
    online,
    lastContactAt: online ? ago(1) : ago(4000),
    behind,
    release: online ? '0.1.0' : null,
    clockAheadMs: online ? 40 : null,
    import: online ? { state: 'done', done: 250, total: 250 } : null,
    shopState: online ? 'connected' : null,
  }
}

function joinOf(scenario: Scenario): JoinAnswer {
  const request = {
    id: 'j1',
    address: '127.0.0.1:7401',
    code: '7K2Q-9XWD',
    error: null,
    errorCode: null,
    expiresAt: ago(-600_000),
  }
  switch (scenario) {
    case 'joining':
      return { ...request, state: 'seen' }
    case 'refused':
      return { ...request, state: 'refused' }
    case 'accepted':
    case 'importing':
      return { ...request, state: 'accepted' }
    default:
      return { state: 'none' }
  }
}

function importOf(scenario: Scenario): ImportAnswer {
  const empty = {
    done: 0,
    total: 0,
    failedCount: 0,
    ratePerSecond: null,
    startedAt: null,
    finishedAt: null,
    undo: null,
  }
  switch (scenario) {
    case 'accepted':
      return { ...empty, state: 'ready', total: 4182 }
    case 'importing':
      return {
        ...empty,
        state: 'running',
        done: 1711,
        total: 4182,
        failedCount: 2,
        ratePerSecond: 212,
        startedAt: ago(8),
      }
    case 'invite':
    case 'calm':
    case 'busy':
      return { ...empty, state: 'done', done: 4182, total: 4182, finishedAt: ago(90_000) }
    default:
      return { ...empty, state: 'idle' }
  }
}

function membersOf(scenario: Scenario): readonly MemberStatus[] | null {
  const own = member(0, 'Butik Danmark', true, 0)
  switch (scenario) {
    case 'invite':
      return [own]
    case 'importing':
    case 'accepted':
      return [own, member(1, 'Butik Sverige', true, 0)]
    case 'calm':
      return [own, member(1, 'Butik Sverige', true, 0), member(2, 'Butik Tyskland', true, 0)]
    case 'busy':
      return [own, member(1, 'Butik Sverige', true, 0), member(2, 'Butik Tyskland', false, 12)]
    default:
      return null
  }
}

/** Where a shop is away, two of three show their share. */
function guardOf(members: readonly MemberStatus[] | null, isParted: boolean): GuardAnswer {
  return {
    on: isParted,
    outOfReachSeconds: 60,
    shares: 'sales',
    weights: (members ?? []).map(({ id }, index) => ({ member: id, weight: [5000, 3000, 2000][index] ?? 1 })),
    closed: [],
    unheard: isParted ? [shops[2] ?? 'none'] : [],
    outOfReach: isParted ? [shops[2] ?? 'none'] : [],
    shownPercent: isParted ? 80 : null,
  }
}

export function liveState(scenario: Scenario, version: number): LiveState {
  const members = membersOf(scenario)
  const importing = importOf(scenario)
  const isBusy = scenario === 'busy'
  const status: StatusAnswer = {
    node: { id: shops[0], name: 'Butik Danmark', url: 'http://127.0.0.1:7400', release: '0.1.0' },
    shop: {
      connector: 'builtin',
      promise: 'exact',
      state: 'connected',
      lastContactAt: ago(1),
      url: '/shop/',
      location: null,
    },
    network: members === null ? null : { id: 'n1', inStep: !isBusy, evicted: false, members },
    import: { state: importing.state, done: importing.done, total: importing.total },
    stock: { skus: 4182, matched: 4000, oversold: isBusy ? 1 : 0, problems: isBusy ? problems.length : 0 },
    pending: { in: 0, out: isBusy ? 12 : 0, shop: 0 },
    lastChangeAt: members === null ? null : ago(12),
    stopAll: { stopped: false, since: null, by: null, unheard: [] },
    partitionGuard: guardOf(members, isBusy),
  }
  return {
    status,
    join: joinOf(scenario),
    import: importing,
    versions: { stock: version, log: version, problems: 1, requests: 1 },
  }
}
