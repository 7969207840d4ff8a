/**
 * The commands: what each is called, takes and says about itself, and where its code lies. The code is loaded only
 * when the command runs.
 */
import { z } from 'zod'
import { importWords } from '@stockmesh/protocol'
import { clientCommand, type Command, optional, required } from './client-command.ts'
import { settingKinds } from './node-settings.ts'
import type { Settings } from './settings.ts'
import { stockCommands } from './stock-catalogue.ts'

const guardWord = z.enum(['on', 'off', 'equal', 'sales'], 'must be on, off, equal or sales')

/** A certificate is no use without its key. */
function bothOfTls({ 'tls-cert': cert, 'tls-key': key }: Settings): readonly string[] {
  return (cert === null) === (key === null) ? [] : ['--tls-cert and --tls-key go together. Name both, or neither.']
}

const runningCommands: readonly Command[] = [
  {
    name: 'start',
    group: 'Run',
    summary: 'Run one node beside a shop.',
    notes: [],
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
      'tls-cert',
      'tls-key',
      'trust-proxy',
    ],
    fallbacks: {},
    check: bothOfTls,
    load: async () => (await import('./run-start.ts')).start,
  },
  {
    name: 'shop',
    group: 'Run',
    summary: 'Run the built-in shop as a process of its own.',
    notes: [],
    example: 'stockmesh shop --port 7500',
    arguments: [],
    settings: ['data', 'port', 'host', 'shop-key', 'admin-token', 'open-shop', 'trust-proxy'],
    fallbacks: { port: 7500, data: './stockmesh-shop' },
    load: async () => (await import('./run-shop.ts')).shop,
  },
  {
    name: 'demo',
    group: 'Run',
    summary: 'Run several nodes with built-in shops on this machine.',
    notes: [],
    example: 'stockmesh demo --shops 3 --fresh',
    arguments: [],
    settings: ['shops', 'port', 'data', 'fresh'],
    fallbacks: { data: './stockmesh-demo' },
    load: async () => (await import('./run-demo.ts')).demo,
  },
  {
    name: 'service',
    group: 'Run',
    summary: 'Print the systemd unit that runs this node as a service: stockmesh service print.',
    notes: [
      'It runs as the user stockmesh, and may write its own folder only. Nothing is changed by printing it.',
      'Secrets come from /etc/stockmesh/environment. The way to a running service: docs/INSTALL.md.',
    ],
    example: 'stockmesh service print --name "Butik DK" --url https://stock.butik.example',
    arguments: [{ name: 'ACTION', required: true, schema: z.literal('print', 'must be "print"') }],
    settings: [
      'data',
      'port',
      'host',
      'url',
      'name',
      'connector',
      'shop-url',
      'allow-private-peers',
      'open-shop',
      'tls-cert',
      'tls-key',
      'trust-proxy',
    ],
    fallbacks: { data: '/var/lib/stockmesh' },
    check: bothOfTls,
    load: async () => (await import('./service-command.ts')).service,
  },
]

const networkCommands: readonly Command[] = [
  clientCommand({
    name: 'join',
    group: 'Network',
    summary: 'Ask to join the network of another shop.',
    example: 'join butik.example',
    arguments: [required('ADDRESS')],
    settings: ['import-when-accepted'],
    load: async () => (await import('./network-commands.ts')).join,
  }),
  clientCommand({
    name: 'requests',
    group: 'Network',
    summary: 'List the open join requests.',
    load: async () => (await import('./network-commands.ts')).requests,
  }),
  clientCommand({
    name: 'accept',
    group: 'Network',
    summary: 'Accept a join request, after comparing its code with the other shop.',
    notes: ['The beginning of the ID is enough, from four characters on.'],
    example: 'accept 7c1f --code K7QM-4T2A',
    arguments: [required('ID')],
    settings: ['code'],
    load: async () => (await import('./network-commands.ts')).accept,
  }),
  clientCommand({
    name: 'refuse',
    group: 'Network',
    summary: 'Refuse a join request.',
    notes: ['The beginning of the ID is enough, from four characters on.'],
    example: 'refuse 7c1f',
    arguments: [required('ID')],
    load: async () => (await import('./network-commands.ts')).refuse,
  }),
  clientCommand({
    name: 'import',
    group: 'Network',
    summary: 'Match the products of this shop with the network, and show the progress.',
    notes: [
      'Where the shop joins others, what will become of its numbers is shown first. A terminal asks.',
      'WORD is pause, resume or cancel, for an import that is under way. Cancelling gives the shop its old numbers again.',
    ],
    arguments: [{ ...optional('WORD'), schema: z.enum(importWords, { error: `must be ${importWords.join(', ')}` }) }],
    settings: ['yes'],
    load: async () => (await import('./import-command.ts')).importProducts,
  }),
  clientCommand({
    name: 'members',
    group: 'Network',
    summary: 'List the shops of the network.',
    load: async () => (await import('./network-commands.ts')).members,
  }),
  clientCommand({
    name: 'evict',
    group: 'Network',
    summary: 'Remove another shop from the network, for good.',
    notes: [
      'The numbers stay, but for what is undone. The shop can only come back as a new one. A terminal asks first.',
      'The beginning of the ID is enough, from four characters on.',
    ],
    example: 'evict 7c1f --undo-since 2026-03-01T12:00:00Z',
    arguments: [required('ID')],
    settings: ['yes', 'undo-since'],
    load: async () => (await import('./leave-commands.ts')).evict,
  }),
  clientCommand({
    name: 'leave',
    group: 'Network',
    summary: 'Leave the network. The numbers stay; coming back takes a new join request.',
    settings: ['yes', 'force'],
    load: async () => (await import('./leave-commands.ts')).leave,
  }),
  clientCommand({
    name: 'stop-all',
    group: 'Network',
    summary: 'Stop writing to every shop of the network. Sales are read and counted as ever.',
    load: async () => (await import('./stop-all-commands.ts')).stopAll,
  }),
  clientCommand({
    name: 'resume-all',
    group: 'Network',
    summary: 'Let every shop be written to again, whoever stopped it.',
    load: async () => (await import('./stop-all-commands.ts')).resumeAll,
  }),
  clientCommand({
    name: 'partition-guard',
    group: 'Network',
    summary: 'While shops are out of reach, show only a share of the stock on each side, or all.',
    notes: ['"equal" and "sales" turn it on with the same share for each shop, or by what each sold in 7 days.'],
    example: 'partition-guard sales',
    arguments: [{ name: 'HOW', required: false, schema: guardWord }],
    load: async () => (await import('./guard-command.ts')).partitionGuard,
  }),
]

const lookCommands: readonly Command[] = [
  clientCommand({
    name: 'status',
    group: 'Look',
    summary: 'Say how the node, its shop and the network are.',
    load: async () => (await import('./look-commands.ts')).status,
  }),
  clientCommand({
    name: 'problems',
    group: 'Look',
    summary: 'List what a person should look at, show one, or do what it offers.',
    notes: ['An action that cannot be taken back is asked for on a terminal. --seen is for scripts.'],
    example: 'problems held use-network',
    arguments: [optional('ID'), optional('ACTION')],
    settings: ['member', 'seen', 'yes'],
    load: async () => (await import('./problem-commands.ts')).problems,
  }),
  clientCommand({
    name: 'log',
    group: 'Look',
    summary: 'List the latest changes, or follow them.',
    notes: ['With --follow and --json there is one object a line.'],
    example: 'log --sku ABC-29 --follow',
    settings: ['sku', 'follow'],
    load: async () => (await import('./log-command.ts')).log,
  }),
  clientCommand({
    name: 'events',
    group: 'Look',
    summary: 'Print what happens, one JSON object a line, until Ctrl-C.',
    notes: ['Each has event, id and data: stock, member, import, problem and log; reset after a gap.'],
    load: async () => (await import('./log-command.ts')).events,
  }),
]

const nodeCommands: readonly Command[] = [
  clientCommand({
    name: 'pause',
    group: 'This node',
    summary: 'Read and write nothing in this shop until resume. It stays in the network.',
    load: async () => (await import('./pause-commands.ts')).pause,
  }),
  clientCommand({
    name: 'resume',
    group: 'This node',
    summary: 'Go on after a pause. A terminal shows what has become different, and asks.',
    example: 'resume --differences network',
    settings: ['differences', 'yes'],
    load: async () => (await import('./pause-commands.ts')).resume,
  }),
  {
    name: 'sql',
    group: 'This node',
    summary: 'Print, then make or remove, what Stockmesh needs inside a shop’s own database.',
    notes: [
      'The settings are those of "stockmesh connect sql": STOCKMESH_SQL_URL and so on, asked for, or piped in as JSON.',
      'USER is the database user of the node, who gets the least that it needs. Without a terminal it runs with --yes.',
    ],
    example: 'stockmesh sql install stockmesh_node',
    arguments: [
      { ...required('ACTION'), schema: z.enum(['install', 'uninstall'], 'must be install or uninstall') },
      optional('USER'),
    ],
    settings: ['dry-run', 'yes', 'json'],
    fallbacks: {},
    load: async () => (await import('./sql-command.ts')).sql,
  },
  clientCommand({
    name: 'connect',
    group: 'This node',
    summary: 'Choose the shop that the node is beside: enter its keys, try them, and keep them.',
    notes: [
      'A terminal asks for each setting; a key is not shown as it is typed. With --dry-run nothing is kept.',
      'Unattended, settings are read from STOCKMESH_<PLATFORM>_<FIELD>, or piped in as one JSON object.',
      'A shop that is in a network leaves it before it is changed; only its keys may be renewed.',
    ],
    example: 'connect builtin',
    arguments: [optional('PLATFORM')],
    settings: ['dry-run', 'yes'],
    load: async () => (await import('./connect-command.ts')).connect,
  }),
  clientCommand({
    name: 'settings',
    group: 'This node',
    summary: 'List the settings of the running node, show one, or change it.',
    notes: [
      `Names: ${Object.keys(settingKinds).join(', ')}.`,
      'A secret is never written on the line: with - for VALUE it is read from the environment, else asked for or piped in.',
    ],
    example: 'settings buffer 2',
    arguments: [optional('NAME'), optional('VALUE')],
    settings: ['default', 'alert-webhook-secret', 'alert-smtp-url'],
    load: async () => (await import('./settings-command.ts')).settings,
  }),
  clientCommand({
    name: 'verify',
    group: 'This node',
    summary: 'Audit the node in a folder, stopped or running: whether everything adds up.',
    notes: ['Nothing is written. Each fault is a line with its code, and the exit code is 1 if there is any.'],
    example: 'verify --data ./stockmesh-data',
    load: async () => (await import('./verify-command.ts')).verify,
  }),
  clientCommand({
    name: 'backup',
    group: 'This node',
    summary: 'Copy the running node into a file, its shop too where that runs inside.',
    notes: [
      'The file appears when it is whole, and replaces an older one of its name.',
      'It holds the private key of the shop and the keys of its platform: keep it as safe as a password.',
    ],
    example: 'backup /backups/butik.backup',
    arguments: [required('FILE')],
    load: async () => (await import('./backup-commands.ts')).backup,
  }),
  {
    name: 'restore',
    group: 'This node',
    summary: 'Make the folder of a node from a backup.',
    notes: [
      'The node of that folder must not run, and the one that was copied must never run again.',
      'A shop or settings that are in the folder stay; a node that is there has to be moved aside first.',
      'Sales since the backup are read from the shop and from the other shops again at the next start.',
    ],
    example: 'stockmesh restore /backups/butik.backup --data ./stockmesh-data',
    arguments: [required('FILE')],
    settings: ['data', 'json'],
    fallbacks: {},
    load: async () => (await import('./backup-commands.ts')).restore,
  },
  clientCommand({
    name: 'password',
    group: 'This node',
    summary: 'Choose a new password for the admin pages, and sign everybody out.',
    notes: ['It is asked for twice on a terminal, else piped in.'],
    load: async () => (await import('./password-command.ts')).password,
  }),
  clientCommand({
    name: 'admin-log',
    group: 'This node',
    summary: 'List what was last done in the pages and over the interface, and by whom.',
    load: async () => (await import('./admin-log-command.ts')).adminLog,
  }),
  clientCommand({
    name: 'tokens',
    group: 'This node',
    summary: 'List the tokens of programs that call the node; create one, or revoke it.',
    notes: [
      'A token is printed once. Without --role it may read everything and change nothing.',
      'No token makes or revokes another one, and none chooses a password.',
    ],
    example: 'tokens create bookkeeping --role viewer',
    arguments: [
      { ...optional('ACTION'), schema: z.enum(['create', 'revoke'], 'must be create or revoke') },
      optional('NAME'),
    ],
    settings: ['role'],
    load: async () => (await import('./token-command.ts')).tokens,
  }),
  clientCommand({
    name: 'viewers',
    group: 'This node',
    summary: 'Set or remove the password of those who only look, or say if there is one.',
    notes: [
      'A viewer sees everything in the admin pages and changes nothing. All viewers are signed out.',
      'The password is asked for twice on a terminal, else piped in.',
    ],
    example: 'viewers set',
    arguments: [{ ...optional('ACTION'), schema: z.enum(['set', 'remove'], 'must be set or remove') }],
    load: async () => (await import('./password-command.ts')).viewerPassword,
  }),
]

export const commands: readonly Command[] = [
  ...runningCommands,
  ...networkCommands,
  ...stockCommands,
  ...lookCommands,
  ...nodeCommands,
]
