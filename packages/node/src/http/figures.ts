/**
 * The figures of a node for `/metrics`, as a table: what each is called, what it says, and how it is read. Names follow
 * the rules of Prometheus: a unit at the end, `_total` for what only grows, and nothing else under that ending.
 */
import type { Cause, ProblemKind, StatusAnswer } from '@stockmesh/protocol'
import { Counter, Gauge, type Registry } from 'prom-client'

/** What a node knows of itself without looking for it. */
export interface NodeFigures {
  /** null while the node is loading. */
  readonly status: StatusAnswer | null
  readonly problems: ReadonlyMap<ProblemKind, number>
  /** Since the process began, as all that is counted. */
  readonly batches: number
  readonly movements: ReadonlyMap<Cause, number>
  readonly adjustments: { readonly made: number; readonly refused: number }
  readonly livePages: number
  readonly eventStreams: number
}

interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

interface Figure {
  readonly name: string
  readonly help: string
  readonly label?: string
  read(figures: NodeFigures, now: number): readonly Sample[]
}

const shopStates = ['connecting', 'connected', 'unreachable', 'idle', 'paused'] as const
const importStates = ['idle', 'listing', 'ready', 'running', 'paused', 'done', 'failed'] as const

const gauges: readonly Figure[] = [
  { name: 'ready', help: 'Whether the node is serving.', read: ({ status }) => [{ value: status === null ? 0 : 1 }] },
  ofStatus('skus', 'SKUs of the network.', ({ stock }) => stock.skus),
  ofStatus('skus_matched', 'SKUs that this shop and another one list.', ({ stock }) => stock.matched),
  ofStatus('skus_oversold', 'SKUs of which more was sold than there is.', ({ stock }) => stock.oversold),
  {
    name: 'problems',
    help: 'Problems that a person should look at, by kind.',
    label: 'kind',
    read: ({ problems }) => samplesOf('kind', problems),
  },
  {
    name: 'pending',
    help: 'What is on its way: in, out to some member, or into the own shop.',
    label: 'direction',
    read: ({ status }) => samplesOf('direction', Object.entries(status?.pending ?? {})),
  },
  ofStatus('in_step', 'Whether it is proven that all members hold and show the same.', ({ network }) =>
    network?.inStep === true ? 1 : 0,
  ),
  ofStatus('members', 'Members of the network, this shop among them.', (status) => membersOf(status).length),
  ofStatus(
    'members_online',
    'Members that are connected, this shop among them.',
    (status) => membersOf(status).filter(({ online }) => online).length,
  ),
  ofState('import_state', 'The state of the import.', importStates, (status) => status.import.state),
  ofStatus('import_skus', 'SKUs that the import has to go through.', (status) => status.import.total),
  ofStatus('import_skus_done', 'SKUs that the import has gone through.', (status) => status.import.done),
  ofState('shop_state', 'How the node stands with its shop.', shopStates, ({ shop }) => shop.state),
  {
    name: 'shop_last_contact_age_seconds',
    help: 'How long ago the shop answered last; NaN if it never did.',
    read: ({ status }, now) => [{ value: (now - Date.parse(status?.shop.lastContactAt ?? '')) / 1_000 }],
  },
  { name: 'live_pages', help: 'Admin pages that are open.', read: ({ livePages }) => [{ value: livePages }] },
  { name: 'event_streams', help: 'Event streams that are open.', read: (figures) => [{ value: figures.eventStreams }] },
]

const counters: readonly Figure[] = [
  {
    name: 'ledger_batches_total',
    help: 'Batches that the ledger has written.',
    read: ({ batches }) => [{ value: batches }],
  },
  {
    name: 'movements_total',
    help: 'Movements of stock that were learned of, by cause.',
    label: 'cause',
    read: ({ movements }) => samplesOf('cause', movements),
  },
  {
    name: 'adjustments_total',
    help: 'Adjustments that the shop has made.',
    read: ({ adjustments }) => [{ value: adjustments.made }],
  },
  {
    name: 'adjustments_refused_total',
    help: 'Adjustments that the shop has refused.',
    read: ({ adjustments }) => [{ value: adjustments.refused }],
  },
]

/** Registers the figures, and answers what puts the present ones in. */
export function registerFigures(registry: Registry): (figures: NodeFigures, now: number) => void {
  const puts = [
    ...gauges.map((figure) => {
      const gauge = new Gauge(descriptionOf(figure, registry))
      return { figure, reset: () => gauge.reset(), put: ({ labels, value }: Sample) => gauge.set(labels ?? {}, value) }
    }),
    ...counters.map((figure) => {
      const counter = new Counter(descriptionOf(figure, registry))
      return {
        figure,
        reset: () => counter.reset(),
        put: ({ labels, value }: Sample) => counter.inc(labels ?? {}, value),
      }
    }),
  ]
  return (figures, now) => {
    for (const { figure, reset, put } of puts) {
      reset()
      for (const sample of figure.read(figures, now)) put(sample)
    }
  }
}

function descriptionOf({ name, help, label }: Figure, registry: Registry) {
  return { name: `stockmesh_${name}`, help, labelNames: label === undefined ? [] : [label], registers: [registry] }
}

/** A number of the status; while there is none it is not known, which is not the same as 0. */
function ofStatus(name: string, help: string, read: (status: StatusAnswer) => number): Figure {
  return { name, help, read: ({ status }) => [{ value: status === null ? Number.NaN : read(status) }] }
}

/** One series for each state: 1 for the present one, 0 for the others. */
function ofState<S extends string>(
  name: string,
  help: string,
  states: readonly S[],
  read: (status: StatusAnswer) => S,
): Figure {
  return {
    name,
    help,
    label: 'state',
    read: ({ status }) =>
      status === null ? [] : states.map((state) => ({ labels: { state }, value: state === read(status) ? 1 : 0 })),
  }
}

function samplesOf(label: string, values: Iterable<readonly [string, number]>): readonly Sample[] {
  return [...values].map(([name, value]) => ({ labels: { [label]: name }, value }))
}

function membersOf({ network }: StatusAnswer): NonNullable<StatusAnswer['network']>['members'] {
  return network?.members ?? []
}
