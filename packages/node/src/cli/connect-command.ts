/**
 * `stockmesh connect`: a person chooses the platform of the shop and enters its keys; the node tries them, shows a
 * product, and keeps them when that is the right shop. A key is never taken on the line of the command.
 */
import type { CatalogueHealth, ConnectorAnswer, ConnectorTrial, OtherWriter, PlatformItem } from '@stockmesh/protocol'
import { connectorVariable } from '../connectors/platform-settings.ts'
import { catalogueHealth, connectorAnswer, connectorTrial, platformList } from '../http/connector-routes.ts'
import type { Invocation } from './client-command.ts'
import { isConfirmed } from './confirmation.ts'
import { exitFailed } from './exit-code.ts'
import { auditMsMax, connectMsMax } from './limits.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { plain, printJson } from './cell.ts'
import { UsageError } from './usage-error.ts'

type Given = Record<string, string>

export async function connect(invocation: Invocation): Promise<number> {
  const { settings: flags, terminal } = invocation
  const node = await connectNode(invocation)
  const { items: platforms } = await node.call('GET', '/platforms', platformList)
  const before = await node.call('GET', '/connector', connectorAnswer)
  const platform = await choosePlatform(invocation, platforms, before)
  const settings = await readSettings(invocation, platform, before)
  const trial = await tryShop(node, platform, settings)
  if (!flags.json) terminal.print(trialText(trial))
  Object.assign(settings, trial.learned)
  await chooseLocation(invocation, platform, trial, settings)
  if (flags['dry-run'] || trial.mayWrite === false) {
    if (flags.json) printJson(terminal, { trial, connector: before, health: null })
    else if (trial.mayWrite === false)
      terminal.warn('The key may not change stock. Give it that right, then try again.\n')
    return trial.mayWrite === false ? exitFailed : 0
  }
  const otherWriters = await askOtherWriters(invocation)
  if (!(await isConfirmed(invocation, 'Is this the right shop, and shall the node be beside it?'))) return exitFailed
  const body = { platform: platform.name, settings, ...(otherWriters === null ? {} : { otherWriters }) }
  const connector = await node.call('POST', '/connector', connectorAnswer, { body, answerMsMax: connectMsMax })
  if (!flags.json) terminal.print(keptText(connector))
  const health = await node.call('GET', '/connector/health?limit=1', catalogueHealth, { answerMsMax: auditMsMax })
  if (flags.json) printJson(terminal, { trial, connector, health: health.counts })
  else terminal.print(healthText(health))
  return 0
}

async function choosePlatform(
  { given, terminal }: Invocation,
  platforms: readonly PlatformItem[],
  before: ConnectorAnswer,
): Promise<PlatformItem> {
  const names = platforms.map(({ name }) => name)
  const asked =
    given[0] ?? (terminal.canAsk ? await terminal.ask(`Kind of shop (${names.join(', ')}) [${before.platform}]: `) : '')
  const name = asked.trim() === '' && terminal.canAsk ? before.platform : asked.trim()
  const found = platforms.find((platform) => platform.name === name)
  if (found !== undefined) return found
  throw new UsageError([`"${plain(name)}" is no kind of shop. PLATFORM is one of ${names.join(', ')}.`])
}

/** From the environment, else asked for, else piped in as JSON. */
async function readSettings(
  { terminal }: Invocation,
  { name: platform, fields }: PlatformItem,
  before: ConnectorAnswer,
): Promise<Given> {
  const kept = before.platform === platform ? before : null
  const typed = terminal.canAsk ? {} : await readPiped(await terminal.readInput())
  const given: Given = { ...kept?.settings, ...typed }
  for (const { name, help, secret, location } of fields) {
    const set = terminal.env[connectorVariable(platform, name)] ?? ''
    if (set !== '') given[name] = set
    else if (terminal.canAsk && !location) {
      const answer = await askField({ name, help, secret, kept }, terminal)
      if (answer === '-') delete given[name]
      else if (answer !== '') given[name] = answer
    }
  }
  return given
}

interface AskedField {
  readonly name: string
  readonly help: string
  readonly secret: boolean
  readonly kept: ConnectorAnswer | null
}

/** Empty keeps what there is; a hyphen leaves the field out. */
async function askField({ name, help, secret, kept }: AskedField, terminal: Invocation['terminal']): Promise<string> {
  terminal.warn(`\n${plain(help)}\n`)
  if (secret) {
    const isKept = kept?.secretsSet.includes(name) === true
    return (await terminal.askSecret(`${name}${isKept ? ' [kept]' : ''}: `)).trim()
  }
  const value = kept?.settings[name]
  return (await terminal.ask(`${name}${value === undefined ? '' : ` [${plain(value)}]`}: `)).trim()
}

async function readPiped(text: string): Promise<Given> {
  if (text.trim() === '') return {}
  const fault = new UsageError(['What is piped in must be one JSON object with a text for each setting.'])
  let piped: unknown
  try {
    piped = JSON.parse(text)
  } catch {
    throw fault
  }
  if (typeof piped !== 'object' || piped === null || Array.isArray(piped)) throw fault
  const entries = Object.entries(piped)
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) throw fault
  return Object.fromEntries(entries)
}

async function tryShop(node: NodeClient, { name: platform }: PlatformItem, settings: Given): Promise<ConnectorTrial> {
  const body = { platform, settings }
  return await node.call('POST', '/connector/test', connectorTrial, { body, answerMsMax: connectMsMax })
}

/** A shop with several stock locations is asked about before anything is kept: empty keeps, a hyphen leaves it out. */
async function chooseLocation(
  { terminal }: Invocation,
  { name: platform, fields }: PlatformItem,
  { locations }: ConnectorTrial,
  settings: Given,
): Promise<void> {
  const field = fields.find(({ location }) => location)
  if (field === undefined || locations.length < 2 || !terminal.canAsk) return
  // The environment beats what would be answered here.
  if ((terminal.env[connectorVariable(platform, field.name)] ?? '') !== '') return
  const kept = settings[field.name]
  const choices = locations.map(({ id }) => plain(id)).join(', ')
  const answer = await terminal.ask(`Which location (${choices})${kept === undefined ? '' : ` [${plain(kept)}]`}: `)
  if (answer.trim() === '-') delete settings[field.name]
  else if (answer.trim() !== '') settings[field.name] = answer.trim()
}

const writersByLetter: Readonly<Record<string, OtherWriter>> = {
  e: 'erp',
  s: 'supplier-feed',
  a: 'sync-app',
  o: 'other',
}

/** null: nobody was asked. */
async function askOtherWriters({ settings, terminal }: Invocation): Promise<readonly OtherWriter[] | null> {
  if (!terminal.canAsk || settings.yes) return null
  const question =
    '\nWhat else changes stock numbers in this shop: an ERP (e), a supplier feed (s), an older sync app (a), something else (o)? [e/s/a/o, empty: nothing] '
  const answer = (await terminal.ask(question)).toLowerCase()
  return [...new Set(answer)].flatMap((letter) => writersByLetter[letter] ?? [])
}

function trialText({ release, promise, mayWrite, sample, locations, warnings }: ConnectorTrial): string {
  const product =
    sample === null
      ? 'The shop has no product yet.'
      : `A product: ${plain(sample.name)} (${plain(sample.sku)}), ${sample.stock === null ? 'stock not tracked' : `${sample.stock} in stock`}.`
  const writing = {
    true: 'The key may change stock.',
    false: 'The key may NOT change stock.',
    null: 'Whether the key may change stock shows at the first change.',
  }[String(mayWrite) as 'true' | 'false' | 'null']
  const promised =
    promise === 'exact'
      ? 'Exact: each change of stock is read from the shop one by one, and none is lost or counted twice.'
      : 'Best effort: changes are found by comparing, and a sale at the same moment as a change may be seen late.'
  const places = locations.map(({ id, name }) => `  location ${plain(id)}: ${plain(name)}`)
  const lines = [`\nThe shop answers: ${plain(release)}.`, product, writing, promised, ...places]
  return `${[...lines, ...warnings.map((warning) => `Note: ${plain(warning)}`)].join('\n')}\n`
}

function keptText({ platform, location }: ConnectorAnswer): string {
  const place = location === null ? '' : `, location ${plain(location.name)}`
  return `\nThe node is beside this shop now (${plain(platform)}${place}).\n`
}

function healthText({ rows, products, counts }: CatalogueHealth): string {
  const named = {
    'no-sku': 'without a SKU',
    duplicate: 'SKUs that several rows share',
    untracked: 'without stock control',
    fraction: 'with a fraction of a unit',
    bundle: 'bundles',
    negative: 'below zero',
    other: 'otherwise not to be synchronised',
  }
  const found = Object.entries(named).flatMap(([kind, words]) => {
    const count = counts[kind as keyof typeof counts]
    return count === 0 ? [] : [`  ${count} ${words}\n`]
  })
  const head = `The catalogue: ${products} products and variants on ${rows} stock rows`
  if (found.length === 0) return `${head}, and nothing to mend.\n`
  return `${head}, of them\n${found.join('')}The list is at /api/v1/connector/health.csv and on the settings page.\n`
}
