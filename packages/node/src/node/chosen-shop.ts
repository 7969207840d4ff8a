/**
 * Which shop a node is beside, worked out at its start: what the command line and the environment name beats what was
 * kept, and a node that was told nothing has the built-in shop inside it.
 */
import type { ConnectorPromise, OtherWriter, ShopLocation } from '@stockmesh/protocol'
import type { KeptConnector } from '../connectors/connector-file.ts'
import type { Platform } from '../connectors/platform.ts'
import {
  connectorVariable,
  type GivenSettings,
  parseSettings,
  type SettingFault,
  settingsInEnvironment,
} from '../connectors/platform-settings.ts'

export interface ChosenShop {
  readonly platform: Platform
  /** As kept, with what the environment sets over it. */
  readonly given: GivenSettings
  /** The platform's own; null: the built-in shop inside this node. */
  readonly settings: { readonly value: unknown } | null
  readonly promise: ConnectorPromise
  readonly location: ShopLocation | null
  readonly warnings: readonly string[]
  readonly otherWriters: readonly OtherWriter[] | null
  readonly folder: string
}

export interface ChoiceSources {
  /** `--connector` and the like; null: not named. */
  readonly named: string | null
  /** `--shop-url` with its key. */
  readonly shop: { readonly url: string; readonly key: string } | null
  readonly kept: KeptConnector | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly load: (name: string) => Promise<Platform>
}

/** Code: `connector-settings-invalid`. */
export class ConnectorSettingsError extends Error {
  readonly code = 'connector-settings-invalid'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join(' '))
    this.name = 'ConnectorSettingsError'
    this.faults = faults
  }
}

/** Error: `connector-settings-invalid` with every fault. */
export async function chooseShop({ named, shop, kept, env, load }: ChoiceSources): Promise<ChosenShop> {
  const name = shop === null ? (named ?? kept?.platform ?? 'builtin') : 'builtin'
  const platform = await load(name)
  const remembered = shop === null && kept?.platform === name ? kept : null
  const given = shop ?? { ...remembered?.settings, ...settingsInEnvironment(platform, env) }
  const parsed = isInside(platform, given) ? null : parseSettings(platform, given)
  if (parsed?.ok === false) throw new ConnectorSettingsError(parsed.faults.map((fault) => startFault(platform, fault)))
  return {
    platform,
    given,
    settings: parsed === null ? null : { value: parsed.settings },
    // A shop that was never tried promises nothing until its connector is open; the built-in one is exact by its make.
    promise: remembered?.promise ?? (name === 'builtin' ? 'exact' : 'best-effort'),
    location: locationAtStart(platform, given, remembered),
    warnings: remembered?.warnings ?? [],
    otherWriters: remembered?.otherWriters ?? null,
    folder: remembered?.folder ?? name,
  }
}

/** The built-in shop without an address of its own is the one inside the node. */
export function isInside({ name, fields }: Platform, given: GivenSettings): boolean {
  return name === 'builtin' && fields.every((field) => given[field.name] === undefined)
}

/** Whether both lead to the same shop, so that only its keys and the like differ. */
export function isSameShop(
  platform: Platform,
  given: GivenSettings,
  other: { readonly platform: Platform; readonly given: GivenSettings },
): boolean {
  if (platform.name !== other.platform.name) return false
  return platform.fields.every(
    ({ name, isSecret, isTuning }) => isSecret || isTuning === true || given[name] === other.given[name],
  )
}

/**
 * What was kept with the setting holds, null as well: the stock of a network is bound to it. The environment may name another
 * location than the one that was kept, whose name is then not known yet.
 */
function locationAtStart(
  { locationField }: Platform,
  given: GivenSettings,
  remembered: KeptConnector | null,
): ShopLocation | null {
  const id = locationField === undefined ? undefined : given[locationField]
  if (id === undefined) return null
  const isKept = locationField !== undefined && remembered?.settings[locationField] === id
  if (remembered !== null && isKept) return remembered.location
  return remembered?.location?.id === id ? remembered.location : { id, name: id }
}

function startFault({ name }: Platform, { field, message }: SettingFault): string {
  if (field === '') return `The settings of ${name} do not fit: ${sentence(message)}`
  return `${connectorVariable(name, field)} (${field} of ${name}) ${sentence(message)}`
}

function sentence(message: string): string {
  return /[.!]$/.test(message) ? message : `${message}.`
}
