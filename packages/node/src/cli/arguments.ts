/**
 * Reads the settings of one command from its flags, the environment and the config file. Every fault is collected, so
 * that a person corrects them in one go.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ZodType } from 'zod'
import { definitions, isSettingName, type SettingName, type Settings, variableOf } from './settings.ts'

export interface Argument {
  /** As the help shows it, such as `ADDRESS`. */
  readonly name: string
  readonly required: boolean
  /** What it must be; any text where there is none. */
  readonly schema?: ZodType
}

export interface ArgumentRules {
  readonly arguments: readonly Argument[]
  readonly settings: readonly SettingName[]
  /** Where a command's own default differs. */
  readonly fallbacks: Partial<Settings>
  /** What does not go together, as sentences; asked when each part fits by itself. */
  readonly check?: (settings: Settings, given: readonly string[]) => readonly string[]
}

export type ParsedArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'faults'; readonly faults: readonly string[] }
  | { readonly kind: 'run'; readonly settings: Settings; readonly given: readonly string[] }

type Source = ReadonlyMap<SettingName, { readonly from: string; readonly value: unknown }>

export function parseArguments(
  rules: ArgumentRules,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedArguments {
  const faults: string[] = []
  const { flags, given, config, help } = readFlags(rules, argv, faults)
  if (help) return { kind: 'help' }
  checkArguments(rules.arguments, given, faults)
  const file = readConfig(config ?? env['STOCKMESH_CONFIG'] ?? null, faults)
  const sources = [flags, readEnvironment(rules.settings, env), file]
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(definitions) as SettingName[]) {
    values[name] = rules.fallbacks[name] ?? definitions[name].fallback
    const found = rules.settings.includes(name) ? sources.find((source) => source.has(name))?.get(name) : undefined
    if (found === undefined) continue
    const parsed = definitions[name].schema.safeParse(found.value)
    if (parsed.success) values[name] = parsed.data
    else faults.push(`${found.from} ${parsed.error.issues[0]?.message ?? 'does not fit'}.`)
  }
  // Every setting was parsed by its own schema or is its own default.
  const settings = values as unknown as Settings
  if (faults.length === 0) faults.push(...(rules.check?.(settings, given) ?? []))
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'run', settings, given }
}

interface Flags {
  readonly flags: Source
  readonly given: readonly string[]
  readonly config: string | null
  readonly help: boolean
}

function readFlags(rules: ArgumentRules, argv: readonly string[], faults: string[]): Flags {
  const names = rules.settings.filter((name) => definitions[name].isSecret !== true)
  const takesValue = (name: string): boolean =>
    name === 'config' || (isSettingName(name) && definitions[name].value !== null)
  const options = Object.fromEntries(
    [...names, 'config', 'help'].map((name) => [name, { type: takesValue(name) ? 'string' : 'boolean' } as const]),
  )
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const flags = new Map<SettingName, { from: string; value: unknown }>()
  let config: string | null = null
  let help = false
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    if (!Object.hasOwn(options, name)) faults.push(unknownFlag(name, rawName, rules.arguments.length > 0))
    else if (!takesValue(name) && value !== undefined) faults.push(`${rawName} takes no value.`)
    else if (takesValue(name) && (value === undefined || (!token.inlineValue && /^-./.test(value)))) {
      faults.push(`${rawName} needs a value.`)
    } else if (name === 'help') help = true
    else if (name === 'config') config = value ?? null
    else if (isSettingName(name)) flags.set(name, { from: rawName, value: value ?? true })
  }
  return { flags, given: positionals, config, help }
}

function unknownFlag(name: string, rawName: string, takesArguments: boolean): string {
  if (isSettingName(name) && definitions[name].isSecret === true) {
    return `${rawName} is not taken here, where every user of this machine can read it. Set ${variableOf(name)}.`
  }
  const advice = takesArguments && !rawName.startsWith('--') ? ` Write -- before what begins with a hyphen.` : ''
  return `${rawName} is not known to this command.${advice}`
}

function checkArguments(expected: readonly Argument[], given: readonly string[], faults: string[]): void {
  for (const [index, { name, required, schema }] of expected.entries()) {
    const text = given[index] ?? ''
    if (text === '' && (required || index < given.length)) faults.push(`${name} is missing.`)
    const parsed = text === '' ? undefined : schema?.safeParse(text)
    if (parsed?.success === false) faults.push(`${name} ${parsed.error.issues[0]?.message ?? 'does not fit'}.`)
  }
  for (const extra of given.slice(expected.length)) faults.push(`"${extra}" is one argument too many.`)
}

function readEnvironment(names: readonly SettingName[], env: Readonly<Record<string, string | undefined>>): Source {
  const found = names.flatMap((name) => {
    const value = env[variableOf(name)]
    // An empty variable is how many tools say "not set".
    return value === undefined || value === '' ? [] : [[name, { from: variableOf(name), value }] as const]
  })
  return new Map(found)
}

function readConfig(path: string | null, faults: string[]): Source {
  const found = new Map<SettingName, { from: string; value: unknown }>()
  if (path === null) return found
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    faults.push(`The config file ${path} ${why}.`)
    return found
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push(`The config file ${path} must hold one JSON object.`)
    return found
  }
  for (const [name, value] of Object.entries(content)) {
    if (isSettingName(name)) found.set(name, { from: `"${name}" in ${path}`, value })
    else faults.push(`"${name}" in ${path} is not a setting.`)
  }
  return found
}
