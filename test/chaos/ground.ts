/**
 * Where the programs of a run stand, and the lines between them that can be dropped and slowed. `relays` works
 * everywhere; `namespaces` drops packets, where the system lets us.
 */
import type { NodeClient } from '../harness/client.ts'
import type { Program } from '../harness/process.ts'
import type { FaultName, Line, LineState } from './faults.ts'

export interface Member {
  readonly name: string
  readonly node: Program
  readonly shop: Program
  readonly api: NodeClient
  /** What its peers dial. */
  readonly address: string
  /** Where buyers reach the shop. */
  readonly storefront: string
}

export interface Ground extends AsyncDisposable {
  readonly kind: 'relays' | 'namespaces'
  /** How lines are dropped here, in one sentence. */
  readonly says: string
  readonly members: readonly Member[]
  /** What can be made to go wrong here. */
  readonly possible: readonly FaultName[]
  set(states: readonly { readonly line: Line; readonly state: LineState }[]): void
}

/** `--name`, `--url` and its shop: what a node is started with on any ground. */
export function nodeArguments(name: string, address: string, shop: string): readonly string[] {
  const reach = ['--url', address, '--allow-private-peers']
  return ['start', '--name', name, ...reach, '--connector', 'builtin', '--shop-url', shop]
}
