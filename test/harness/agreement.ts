/**
 * How nodes become a network and when they agree, asked through their own interface; wherever their programs run and
 * whatever lies between them.
 */
import { skuKey, type StatusAnswer } from '@stockmesh/protocol'
import type { NodeClient } from './client.ts'
import { eventually, type Patience } from './eventually.ts'

export interface NetworkMember {
  readonly name: string
  readonly api: NodeClient
  /** What its peers dial. */
  readonly address: string
}

const importPatience: Patience = { deadlineMs: 120_000, every: 100 }

/** The first member founds the network, the others join it one after the other and take its numbers. */
export async function foundNetwork(members: readonly NetworkMember[], patience: Patience = {}): Promise<void> {
  const [first, ...others] = members
  if (first === undefined) throw new Error('A network has at least one member.')
  await first.api.startImport()
  await importDone(first)
  for (const other of others) await joinNetwork(other, first)
  await untilAgreed(members, patience)
}

/** Both sides show the same code, the request is accepted, and the import runs through. */
export async function joinNetwork(joining: NetworkMember, accepting: NetworkMember): Promise<void> {
  await joining.api.join(accepting.address, { importWhenAccepted: true })
  const request = await eventually(`${accepting.name} has the join request of ${joining.name}`, async () => {
    const join = await joining.api.joinState()
    if (join.state === 'none') return null
    return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
  })
  const shown = await eventually(`${accepting.name} lists the join request of ${joining.name}`, async () =>
    (await accepting.api.joinRequests()).find(({ id }) => id === request.id),
  )
  if (shown.code !== request.code) {
    throw new Error(`${joining.name} shows the code ${request.code} and ${accepting.name} shows ${shown.code}.`)
  }
  await accepting.api.accept(request.id, request.code)
  await importDone(joining)
}

/**
 * Why the members do not agree, in one sentence; null when every node is in step with nothing pending and all levels
 * are equal.
 */
export async function disagreementOf(members: readonly NetworkMember[]): Promise<string | null> {
  const statuses = await Promise.all(members.map(({ api }) => api.status()))
  for (const [index, status] of statuses.entries()) {
    const reason = unsettled(status, members.length)
    if (reason !== null) return `${members[index]?.name} ${reason}`
  }
  const lists = await Promise.all(members.map(async ({ api }) => levelsByKey(await api.stock())))
  const [first, ...others] = lists
  for (const [index, other] of others.entries()) {
    const name = members[index + 1]?.name
    for (const key of new Set([...(first?.keys() ?? []), ...other.keys()])) {
      const [here, there] = [first?.get(key) ?? null, other.get(key) ?? null]
      if (here !== there) return `${key} is ${here} at ${members[0]?.name} and ${there} at ${name}`
    }
  }
  return null
}

export async function untilAgreed(members: readonly NetworkMember[], patience: Patience = {}): Promise<void> {
  await eventually(
    'all members agree',
    async () => {
      const reason = await disagreementOf(members)
      if (reason !== null) throw new Error(reason)
      return true
    },
    { deadlineMs: 60_000, every: 100, ...patience },
  )
}

/** Why a node is not at rest among so many members; null when it is in step and nothing is pending. */
export function unsettled({ network, pending, import: { state } }: StatusAnswer, members: number): string | null {
  if (network === null) return 'is in no network'
  if (network.members.length !== members) return `knows ${network.members.length} of ${members} members`
  const away = network.members.filter(({ self, online }) => !self && !online)
  if (away.length > 0) return `misses ${away.map(({ name }) => name).join(' and ')}`
  if (state !== 'done') return `is at the import (${state})`
  if (pending.in + pending.out + pending.shop > 0) {
    return `has pending in ${pending.in}, out ${pending.out}, shop ${pending.shop}`
  }
  return network.inStep ? null : 'is not in step'
}

async function importDone({ name, api }: NetworkMember): Promise<void> {
  await eventually(
    `the import of ${name} is done`,
    async () => {
      const state = await api.importState()
      if (state.state === 'done') return true
      throw new Error(`${state.state}, ${state.done} of ${state.total}, ${state.failedCount} failed`)
    },
    importPatience,
  )
}

function levelsByKey(
  items: readonly { readonly sku: string; readonly level: number | null }[],
): Map<string, number | null> {
  return new Map(items.map(({ sku, level }) => [skuKey(sku) ?? sku, level]))
}
