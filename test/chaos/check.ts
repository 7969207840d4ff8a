/**
 * The verdict on a run, after the pn-counter workload of Jepsen's Maelstrom and stricter: a final level is the sum of
 * the acknowledged adds and any of the unanswered ones; all nodes and all shops show the same; and by reference every
 * acknowledged add is in every history once, every unanswered one not or once, the same everywhere. Pure.
 */
import type { Add, FinalMovement, FinalRead, FinalSku, Read } from './history.ts'

type FindingCode =
  | 'broken-off'
  | 'no-answer'
  | 'not-at-rest'
  | 'level-differs'
  | 'level-impossible'
  | 'shop-differs'
  | 'sum-differs'
  | 'history-differs'
  | 'add-lost'
  | 'add-doubled'
  | 'add-changed'
  | 'refused-done'
  | 'adjusted-twice'
  | 'movement-unasked'
  | 'problem-open'
  | 'oversold-unlisted'
  | 'read-impossible'

export interface Finding {
  readonly code: FindingCode
  /** null: not about one member, or one SKU. */
  readonly member: number | null
  readonly sku: string | null
  readonly says: string
}

export interface Observed {
  readonly opening: ReadonlyMap<string, number>
  readonly adds: readonly Add[]
  readonly reads: readonly Read[]
  /** One for each member. */
  readonly finals: readonly FinalRead[]
}

type Answering = Extract<FinalRead, { answers: true }>

export function check(observed: Observed): readonly Finding[] {
  const answering = observed.finals.filter(answers)
  const marked = new Map(answering.map((read) => [read.member, ordersByMark(read)]))
  return [
    ...observed.finals.flatMap(restFindings),
    ...[...observed.opening].flatMap(([sku, opening]) => {
      const adds = observed.adds.filter((add) => add.sku === sku)
      return [...levelFindings(sku, opening, adds, answering), ...historyFindings(sku, adds, observed, marked)]
    }),
    ...answering.flatMap((read) => orderFindings(read, observed.adds)),
    ...answering.flatMap(problemFindings),
    ...observed.reads.flatMap((read) => readFindings(read, observed)),
  ]
}

function restFindings(read: FinalRead): readonly Finding[] {
  const about = { member: read.member, sku: null }
  if (!read.answers) return [{ ...about, code: 'no-answer', says: `member ${read.member} did not answer: ${read.why}` }]
  if (read.unrest === null) return []
  return [{ ...about, code: 'not-at-rest', says: `member ${read.member} ${read.unrest}` }]
}

/** Levels, the numbers of the shops, and what they are made of. */
function levelFindings(
  sku: string,
  opening: number,
  adds: readonly Add[],
  answering: readonly Answering[],
): readonly Finding[] {
  const findings: Finding[] = []
  const acknowledged = adds.filter(({ outcome }) => outcome === 'acknowledged')
  const sum = acknowledged.reduce((total, { delta }) => total + delta, opening)
  const possible = sumsOf(
    sum,
    adds.filter(({ outcome }) => outcome === 'unknown').map(({ delta }) => delta),
  )
  const first = answering[0]
  for (const read of answering) {
    const { member } = read
    const find = (code: FindingCode, says: string): void => {
      findings.push({ code, member, sku, says: `${sku} at member ${member}: ${says}` })
    }
    const own = skuOf(read, sku)
    const level = own?.level ?? null
    const firstLevel = first === undefined ? null : (skuOf(first, sku)?.level ?? null)
    if (level !== firstLevel) find('level-differs', `${level}, but ${firstLevel} at member ${first?.member}`)
    if (level === null || !possible.has(level)) {
      const values = [...possible].sort((one, other) => one - other)
      find('level-impossible', `${level}, but the adds leave ${values.join(' or ')}`)
    }
    if (own === undefined || level === null) continue
    const shown = Math.max(0, level)
    if (own.shopStock !== shown) find('shop-differs', `the shop shows ${own.shopStock} instead of ${shown}`)
    const { baseline } = own
    const moved = own.movements.reduce((total, { delta }) => total + delta, 0)
    if (baseline !== opening) find('sum-differs', `it begins at ${baseline} instead of ${opening}`)
    if (opening + moved !== level) find('sum-differs', `movements leave ${opening + moved}, the level is ${level}`)
    if (opening + own.byShop !== level) {
      find('sum-differs', `the shops' totals leave ${opening + own.byShop}, the level is ${level}`)
    }
  }
  return findings
}

type Marked = ReadonlyMap<number, ReadonlyMap<number, readonly { readonly id: string; readonly cancelled: boolean }[]>>

/** Every add in every history, by its reference where it has one. */
function historyFindings(sku: string, adds: readonly Add[], observed: Observed, marked: Marked): readonly Finding[] {
  const findings: Finding[] = []
  const answering = observed.finals.filter(answers)
  // What a shop took cannot be judged where it does not answer.
  const ids = new Map(answering.map((read) => [read.member, read.ids]))
  const silent = new Set(observed.finals.filter(({ answers }) => !answers).flatMap(({ ids: each }) => each))
  const first = answering[0]
  for (const read of answering) {
    const { member } = read
    const find = (code: FindingCode, says: string): void => {
      findings.push({ code, member, sku, says: `${sku} at member ${member}: ${says}` })
    }
    const left = [...(skuOf(read, sku)?.movements ?? [])]
    const here = left.map(describeMovement).sort().join('; ')
    const there = (first === undefined ? [] : (skuOf(first, sku)?.movements ?? [])).map(describeMovement).sort()
    if (here !== there.join('; ')) {
      find('history-differs', difference(here.split('; '), there, `member ${first?.member}`))
    }
    for (const add of adds.filter(({ kind }) => kind !== 'change')) {
      const sellers = ids.get(add.member)
      if (sellers === undefined) continue
      const { reference, least, most } = expectedOf(add, adds, marked)
      const mine = take(left, (movement) => isOf(movement, add, sellers, reference))
      const words = `${add.kind} ${add.number} of member ${add.member} (${add.outcome}, ${reference ?? 'no reference'})`
      if (mine.length < least) find('add-lost', `${words} is not in the history`)
      if (mine.length > most) {
        const code = add.outcome === 'refused' ? 'refused-done' : 'add-doubled'
        find(code, `${words} is in the history ${mine.length} times`)
      }
      for (const { delta } of mine) {
        if (delta !== add.delta) find('add-changed', `${words} changed it by ${delta} instead of ${add.delta}`)
      }
    }
    for (const { code, says } of changeFindings(adds, ids, left)) find(code, says)
    for (const movement of left.filter((one) => !silent.has(one.member))) {
      find('movement-unasked', `nobody asked for ${describeMovement(movement)}`)
    }
  }
  return findings
}

/**
 * How often an add stands in a history. What the shop itself lists decides over an order that was not answered: an
 * order that it has must count.
 */
function expectedOf(
  add: Add,
  adds: readonly Add[],
  marked: Marked,
): { readonly reference: string | null; readonly least: number; readonly most: number } {
  const floor = add.outcome === 'acknowledged' ? 1 : 0
  const ceiling = add.outcome === 'refused' ? 0 : 1
  if (add.kind === 'received') return { reference: add.reference, least: floor, most: ceiling }
  const mark = add.kind === 'cancel' ? add.order : add.number
  const order = marked.get(add.member)?.get(mark ?? 0)?.[0]
  const told = add.kind === 'cancel' ? adds.find(({ number }) => number === mark)?.reference : add.reference
  const isDone = add.kind === 'cancel' ? order?.cancelled === true : order !== undefined
  return {
    reference: told ?? order?.id ?? null,
    least: isDone ? 1 : floor,
    most: isDone ? Math.max(1, ceiling) : ceiling,
  }
}

function isOf(movement: FinalMovement, add: Add, sellers: readonly string[], reference: string | null): boolean {
  if (reference === null || !sellers.includes(movement.member) || movement.reference !== reference) return false
  if (add.kind === 'received') return movement.cause === 'received'
  if (add.kind === 'cancel') return movement.cause === 'cancel'
  return movement.cause === 'sale' || movement.cause === 'return'
}

/** Changes in the admin carry no reference: of each shop and size there are as many as were acknowledged, or were not answered. */
function changeFindings(
  adds: readonly Add[],
  ids: ReadonlyMap<number, readonly string[]>,
  left: FinalMovement[],
): readonly { readonly code: FindingCode; readonly says: string }[] {
  const findings: { code: FindingCode; says: string }[] = []
  const changes = adds.filter(({ kind }) => kind === 'change')
  const kinds = new Map(changes.map((add) => [`${add.member} ${add.delta}`, add]))
  for (const { member, delta } of kinds.values()) {
    const sellers = ids.get(member)
    if (sellers === undefined) continue
    const same = changes.filter((add) => add.member === member && add.delta === delta)
    const least = same.filter(({ outcome }) => outcome === 'acknowledged').length
    const most = same.filter(({ outcome }) => outcome !== 'refused').length
    const mine = take(
      left,
      (movement) => sellers.includes(movement.member) && movement.cause === 'manual' && movement.delta === delta,
    ).length
    const words = `changes by ${delta} of member ${member}: ${mine}, but ${least} were acknowledged and ${most} asked for`
    if (mine < least) findings.push({ code: 'add-lost', says: words })
    if (mine > most) findings.push({ code: 'add-doubled', says: words })
  }
  return findings
}

/** The orders that a shop lists are those that it acknowledged, and some of those that it did not answer. */
function orderFindings(read: Answering, adds: readonly Add[]): readonly Finding[] {
  const findings: Finding[] = []
  const { member } = read
  const find = (code: FindingCode, sku: string | null, says: string): void => {
    findings.push({ code, member, sku, says: `the shop of member ${member}: ${says}` })
  }
  const orders = ordersByMark(read)
  for (const key of read.adjustedAgain) find('adjusted-twice', null, `it made adjustment ${key} more than once`)
  const asked = new Map(adds.filter((add) => add.member === member).map((add) => [add.number, add]))
  for (const [mark, listed] of orders) {
    const add = asked.get(mark)
    if (add === undefined)
      find('movement-unasked', null, `order ${listed[0]?.id} is of operation ${mark}, which was not asked for`)
    else if (add.outcome === 'refused') find('refused-done', add.sku, `it has order ${mark}, which it refused`)
    else if (listed.length > 1) find('add-doubled', add.sku, `it has order ${mark} ${listed.length} times`)
  }
  for (const add of asked.values()) {
    if (add.outcome !== 'acknowledged') continue
    const order = orders.get(add.kind === 'cancel' ? (add.order ?? 0) : add.number)?.[0]
    if (add.kind === 'order' && order?.id !== add.reference) {
      find(
        'add-lost',
        add.sku,
        `it answered order ${add.number} with ${add.reference} and lists ${order?.id ?? 'none'}`,
      )
    }
    if (add.kind === 'cancel' && order?.cancelled !== true) {
      find('add-lost', add.sku, `it cancelled order ${add.order} and lists it as it was`)
    }
  }
  return findings
}

/** Oversold SKUs are listed, each once, and nothing else waits for a person. */
function problemFindings({ member, skus, problems }: Answering): readonly Finding[] {
  const oversold = new Set(skus.filter(({ level }) => level !== null && level < 0).map(({ sku }) => sku))
  const listed = problems.filter(({ kind }) => kind === 'oversold').map(({ sku }) => sku)
  const wrong = problems.filter(({ kind, sku }) => kind !== 'oversold' || sku === null || !oversold.has(sku))
  return [
    ...wrong.map(({ kind, sku, message }): Finding => {
      return { code: 'problem-open', member, sku, says: `member ${member} has a problem ${kind} (${sku}): ${message}` }
    }),
    ...[...oversold]
      .filter((sku) => listed.filter((other) => other === sku).length !== 1)
      .map((sku): Finding => {
        return {
          code: 'oversold-unlisted',
          member,
          sku,
          says: `member ${member} does not list ${sku} once as oversold`,
        }
      }),
  ]
}

/** A level read meanwhile lies between what only the removals and only the additions asked for by then would leave. */
function readFindings(read: Read, { opening, adds }: Observed): readonly Finding[] {
  const { member, sku, level } = read
  const from = opening.get(sku) ?? 0
  const possible = new Set(read.possible)
  const deltas = adds.filter(({ number }) => possible.has(number)).map(({ delta }) => delta)
  const least = deltas.reduce((sum, delta) => sum + Math.min(0, delta), from)
  const most = deltas.reduce((sum, delta) => sum + Math.max(0, delta), from)
  if (level !== null && level >= least && level <= most) return []
  const says = `read ${read.number} of ${sku} at member ${member} gave ${level}, which is not from ${least} to ${most}`
  return [{ code: 'read-impossible', member, sku, says }]
}

function answers(read: FinalRead): read is Answering {
  return read.answers
}

function ordersByMark({ orders }: Answering): ReadonlyMap<number, Answering['orders']> {
  const marks = new Set(orders.map(({ mark }) => mark))
  return new Map([...marks].map((mark) => [mark, orders.filter((order) => order.mark === mark)]))
}

function skuOf({ skus }: Answering, sku: string): FinalSku | undefined {
  return skus.find((one) => one.sku === sku)
}

/** Takes what matches out of the list. */
function take<T>(list: T[], matches: (item: T) => boolean): readonly T[] {
  const taken = list.filter(matches)
  for (const item of taken) list.splice(list.indexOf(item), 1)
  return taken
}

/** Every sum that some of the deltas can leave. */
function sumsOf(from: number, deltas: readonly number[]): ReadonlySet<number> {
  let sums = new Set([from])
  for (const delta of deltas) sums = new Set([...sums].flatMap((sum) => [sum, sum + delta]))
  return sums
}

function describeMovement({ member, cause, delta, reference }: FinalMovement): string {
  return `${cause} ${delta} of ${member} (${reference ?? 'no reference'})`
}

function difference(here: readonly string[], there: readonly string[], who: string): string {
  const rest = [...here]
  const missing = there.filter((line) => {
    const index = rest.indexOf(line)
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
  return `only here: ${rest.join('; ') || 'nothing'}. Only at ${who}: ${missing.join('; ') || 'nothing'}`
}
