/**
 * One seed from its plan to its verdict: programs are started and become a network; in each round operations and faults
 * go on beside each other, then everything heals, and what the members answer is checked against the whole history.
 */
import { foundNetwork, joinNetwork } from '../harness/agreement.ts'
import { createShopClient } from '../harness/client.ts'
import { shopKey } from '../harness/process.ts'
import { check, type Finding } from './check.ts'
import { describeFault } from './faults.ts'
import { readFinals } from './final-read.ts'
import type { Ground } from './ground.ts'
import { addsOf, type HistoryLine, readsOf } from './history.ts'
import { type Looks, lookOut } from './lookout.ts'
import { Nemesis } from './nemesis.ts'
import type { Plan, Rejoin } from './plan.ts'
import { markSku, Workload } from './workload.ts'

export interface RunReport {
  readonly seed: number
  readonly ground: Ground['kind']
  readonly members: number
  readonly rounds: number
  readonly acknowledged: number
  readonly unknown: number
  readonly refused: number
  readonly reads: number
  readonly faults: Readonly<Record<string, number>>
  /** By round, what was seen of the faults. */
  readonly looks: readonly Looks[]
  /** By round, from the healing until all were at rest; null where that did not come. */
  readonly restMs: readonly (number | null)[]
  /** Of the first round that has some; the run ends there. */
  readonly findings: readonly Finding[]
  readonly history: readonly HistoryLine[]
  /** What every program printed last; empty when nothing was found. */
  readonly outputs: string
}

export async function run(plan: Plan, ground: Ground, say: (line: string) => void): Promise<RunReport> {
  const { members } = ground
  const from = performance.now()
  const history: HistoryLine[] = []
  const record = (line: object): void => {
    history.push({ atMs: Math.round(performance.now() - from), ...line } as HistoryLine)
  }
  record({ type: 'begun', seed: plan.seed, lines: ground.kind, opening: Object.fromEntries(plan.opening) })
  const products = await fillShops(plan, ground)
  await foundNetwork(members)
  const ids = await Promise.all(members.map(async ({ api }) => [(await api.status()).node.id]))
  say(`seed ${plan.seed}: ${members.length} members agree on ${plan.opening.size} SKUs`)

  const workload = new Workload(members, { seed: plan.seed, products, record })
  const nemesis = new Nemesis(ground, (phase, fault) => {
    record({ type: 'fault', phase, fault })
    if (phase === 'begins') say(`  ${describeFault(fault)}`)
  })
  const restMs: (number | null)[] = []
  const looks: Looks[] = []
  let findings: readonly Finding[] = []
  const rejoin = async ({ member, via, operations }: Rejoin): Promise<void> => {
    const [leaving, accepting] = [members[member], members[via]]
    if (leaving === undefined || accepting === undefined) throw new Error(`There is no member ${member} or ${via}.`)
    const trade = workload.carryOut(operations)
    record({ type: 'rejoin', phase: 'leaves', member, id: ids[member]?.at(-1) ?? '' })
    await leaving.api.leave()
    await joinNetwork(leaving, accepting)
    const { id } = (await leaving.api.status()).node
    ids[member]?.push(id)
    record({ type: 'rejoin', phase: 'joined', member, id })
    await trade
    say(`  rejoin: member ${member} left and joined again through member ${via}`)
  }
  const judge = async (round: number, { operations, faults }: Plan['rounds'][number]): Promise<readonly Finding[]> => {
    const trouble = Promise.all([workload.carryOut(operations), nemesis.carryOut(faults)])
    const seen = await lookOut(members, trouble)
    await trouble
    looks.push(seen)
    record({ type: 'healed', round })
    const finals = await readFinals(members, ids, [...plan.opening.keys()])
    for (const read of finals.reads) record({ type: 'final', round, read })
    restMs.push(finals.restMs)
    const [adds, reads] = [addsOf(history), readsOf(history)]
    const found = check({ opening: plan.opening, adds, reads, finals: finals.reads })
    const rest = finals.restMs === null ? 'never' : `${(finals.restMs / 1_000).toFixed(1)} s`
    say(
      `round ${round + 1}: of ${seen.looks} looks at nodes ${seen.unanswered} got no answer, ` +
        `${seen.missing} missed a member, ${seen.behind} had what another had not`,
    )
    say(`round ${round + 1}: ${operations.length} operations, at rest after ${rest}, ${found.length} findings`)
    return found
  }
  for (const [round, each] of plan.rounds.entries()) {
    const judged = each.rejoin === null ? judge(round, each) : rejoin(each.rejoin).then(() => judge(round, each))
    findings = await judged.catch((error: unknown): readonly Finding[] => {
      const says = `the run broke off: ${error instanceof Error ? error.message : String(error)}`
      return [{ code: 'broken-off', member: null, sku: null, says }]
    })
    if (findings.length > 0) break
  }
  return { ...figures(plan, ground, history), looks, restMs, findings, history, outputs: outputsOf(ground, findings) }
}

/** Every shop offers every SKU; only the first one's numbers are the opening. Answers the ids of the products. */
async function fillShops(plan: Plan, { members }: Ground): Promise<readonly ReadonlyMap<string, string>[]> {
  return await Promise.all(
    members.map(async ({ shop }, index) => {
      const api = createShopClient(shop.url, shopKey)
      await api.createProduct({ sku: markSku, name: 'Number of an operation', stock: null })
      const ids = new Map<string, string>()
      for (const [sku, opening] of plan.opening) {
        const { id } = await api.createProduct({ sku, name: `Product ${sku}`, stock: index === 0 ? opening : 3 })
        ids.set(sku, id)
      }
      return ids
    }),
  )
}

function figures(
  plan: Plan,
  ground: Ground,
  history: readonly HistoryLine[],
): Omit<RunReport, 'looks' | 'restMs' | 'findings' | 'history' | 'outputs'> {
  const adds = addsOf(history)
  const faults: Record<string, number> = {}
  for (const line of history) {
    if (line.type === 'fault' && line.phase === 'begins') faults[line.fault.name] = (faults[line.fault.name] ?? 0) + 1
  }
  const count = (outcome: string): number => adds.filter((add) => add.outcome === outcome).length
  return {
    seed: plan.seed,
    ground: ground.kind,
    members: ground.members.length,
    rounds: plan.rounds.length,
    acknowledged: count('acknowledged'),
    unknown: count('unknown'),
    refused: count('refused'),
    reads: readsOf(history).length,
    faults,
  }
}

function outputsOf({ members }: Ground, findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const programs = members.flatMap(({ shop, node }) => [shop, node])
  return programs.map(({ name, output }) => `--- ${name}\n${output.slice(-3_000)}`).join('\n')
}
