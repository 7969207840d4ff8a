/**
 * The commands: what each is called, takes and says about itself, and where its code lies. The code is loaded only
 * when the command runs.
 */
import type { ArgumentRules } from './arguments.ts'
import type { SettingName, Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

export interface Invocation {
  readonly settings: Settings
  /** What stands on the line beside flags, as many as the command takes. */
  readonly given: readonly string[]
  readonly terminal: Terminal
}

/** Resolves with the exit code. */
type Run = (invocation: Invocation) => Promise<number>

export interface Command extends ArgumentRules {
  readonly name: string
  readonly summary: string
  readonly example: string
  load(): Promise<Run>
}

const nodeSettings = ['node', 'token', 'data', 'json'] as const satisfies readonly SettingName[]

function clientCommand(
  name: string,
  summary: string,
  more: {
    readonly example?: string
    readonly argument?: { readonly name: string; readonly required: boolean }
    readonly settings?: readonly SettingName[]
    readonly load: () => Promise<Run>
  },
): Command {
  return {
    name,
    summary,
    example: `stockmesh ${more.example ?? name}`,
    arguments: more.argument === undefined ? [] : [more.argument],
    settings: [...(more.settings ?? []), ...nodeSettings],
    fallbacks: {},
    load: more.load,
  }
}

const runningCommands: readonly Command[] = [
  {
    name: 'start',
    summary: 'Run one node beside a shop.',
    example: 'stockmesh start --name "Butik DK" --url https://stock.butik.example',
    arguments: [],
    settings: [
      'data',
      'port',
      'host',
      'url',
      'name',
      'connector',
      'shop-url',
      'shop-key',
      'admin-token',
      'allow-private-peers',
      'open-shop',
    ],
    fallbacks: {},
    load: async () => (await import('./run-start.ts')).start,
  },
  {
    name: 'shop',
    summary: 'Run the built-in shop as a process of its own.',
    example: 'stockmesh shop --port 7500',
    arguments: [],
    settings: ['data', 'port', 'host', 'shop-key', 'admin-token', 'open-shop'],
    fallbacks: { port: 7500, data: './stockmesh-shop' },
    load: async () => (await import('./run-shop.ts')).shop,
  },
  {
    name: 'demo',
    summary: 'Run several nodes with built-in shops on this machine.',
    example: 'stockmesh demo --shops 3 --fresh',
    arguments: [],
    settings: ['shops', 'port', 'data', 'fresh'],
    fallbacks: { data: './stockmesh-demo' },
    load: async () => (await import('./run-demo.ts')).demo,
  },
]

const clientCommands: readonly Command[] = [
  clientCommand('join', 'Ask to join the network of another shop.', {
    example: 'join butik.example',
    argument: { name: 'ADDRESS', required: true },
    settings: ['import-when-accepted'],
    load: async () => (await import('./network-commands.ts')).join,
  }),
  clientCommand('requests', 'List the open join requests.', {
    load: async () => (await import('./network-commands.ts')).requests,
  }),
  clientCommand('accept', 'Accept a join request, after comparing its code with the other shop.', {
    example: 'accept 7c1f --code K7QM-4T2A',
    argument: { name: 'ID', required: true },
    settings: ['code'],
    load: async () => (await import('./network-commands.ts')).accept,
  }),
  clientCommand('refuse', 'Refuse a join request.', {
    example: 'refuse 7c1f',
    argument: { name: 'ID', required: true },
    load: async () => (await import('./network-commands.ts')).refuse,
  }),
  clientCommand('import', 'Match the products of this shop with the network, and show the progress.', {
    load: async () => (await import('./import-command.ts')).importProducts,
  }),
  clientCommand('leave', 'Leave the network. The numbers stay; coming back takes a new join request.', {
    settings: ['yes', 'force'],
    load: async () => (await import('./network-commands.ts')).leave,
  }),
  clientCommand('members', 'List the shops of the network.', {
    load: async () => (await import('./network-commands.ts')).members,
  }),
  clientCommand('status', 'Say how the node, its shop and the network are.', {
    load: async () => (await import('./look-commands.ts')).status,
  }),
  clientCommand('stock', 'List the stock, or explain the number of one SKU.', {
    example: 'stock ABC-29',
    argument: { name: 'SKU', required: false },
    load: async () => (await import('./look-commands.ts')).stock,
  }),
  clientCommand('log', 'List the latest changes.', {
    example: 'log --sku ABC-29',
    settings: ['sku'],
    load: async () => (await import('./look-commands.ts')).log,
  }),
]

export const commands: readonly Command[] = [...runningCommands, ...clientCommands]
