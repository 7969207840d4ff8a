/**
 * What a merchant enters for a platform: texts by the names of its fields, from the form, `connector.json` and the
 * environment, which beats both. The platform's schema makes its own settings of them.
 */
import type { Platform } from './platform.ts'

export type GivenSettings = Readonly<Record<string, string>>

export interface SettingFault {
  /** Empty where it is no single field's. */
  readonly field: string
  readonly message: string
}

/** As in `STOCKMESH_WOOCOMMERCE_CONSUMER_KEY`. */
export function connectorVariable(platform: string, field: string): string {
  const words = `${platform}_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)}`
  return `STOCKMESH_${words.replaceAll('-', '_').toUpperCase()}`
}

export function settingsInEnvironment(
  { name, fields }: Platform,
  env: Readonly<Record<string, string | undefined>>,
): GivenSettings {
  return withoutEmpty(
    Object.fromEntries(fields.map((field) => [field.name, env[connectorVariable(name, field.name)] ?? ''])),
  )
}

/** An empty text is how a form says "nothing". */
export function withoutEmpty(given: GivenSettings): GivenSettings {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''))
}

/** The platform's own settings, or every fault. A fault never quotes what was given. */
export function parseSettings(
  { name, fields, schema, locationField }: Platform,
  given: GivenSettings,
):
  | { readonly ok: true; readonly settings: unknown }
  | { readonly ok: false; readonly faults: readonly SettingFault[] } {
  const unknown = Object.keys(given).filter((key) => !fields.some((field) => field.name === key))
  // A location is chosen among those that a trial finds.
  const needed = fields.filter((field) => field.isRequired && field.name !== locationField)
  const missing = needed.filter((field) => given[field.name] === undefined)
  const faults: SettingFault[] = [
    ...unknown.map((field) => ({ field, message: `is no setting of ${name}` })),
    ...missing.map(({ name: field }) => ({ field, message: 'is missing' })),
  ]
  const parsed = schema.safeParse(given)
  if (parsed.success && faults.length === 0) return { ok: true, settings: parsed.data }
  const named = new Set(faults.map(({ field }) => field))
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0] ?? '')
    if (named.has(field) || issue.code === 'unrecognized_keys') continue
    named.add(field)
    faults.push({ field, message: issue.message })
  }
  return { ok: false, faults }
}

/** A platform's own words may quote what it was given; a key is taken out of them. */
export function withoutSecrets({ fields }: Platform, given: GivenSettings, message: string): string {
  let told = message
  for (const { name, isSecret } of fields) {
    const value = given[name]
    if (isSecret && value !== undefined) told = told.replaceAll(value, '…')
  }
  return told
}
