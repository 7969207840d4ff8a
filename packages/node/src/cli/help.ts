/**
 * The help texts, made from the catalogue of commands and the settings, so that they cannot say anything else.
 */
import { type Command, groups } from './client-command.ts'
import { definitions, type SettingName, variableOf } from './settings.ts'

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length))
  const lines = groups.flatMap((group) => [
    `${group}:`,
    ...aligned(
      commands.filter((command) => command.group === group).map((command) => [usageOf(command), command.summary]),
      width,
    ),
    '',
  ])
  return [
    'stockmesh: one physical stock, several webshops.',
    '',
    ...lines,
    'More on one of them: stockmesh COMMAND --help',
    'The release: stockmesh --version',
    '',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const flags = command.settings.filter((name) => definitions[name].isSecret !== true)
  const secrets = command.settings.filter((name) => definitions[name].isSecret === true)
  const options = [
    ...flags.map((name) => [flagOf(name), helpOf(command, name)] as const),
    ['--config FILE', 'JSON file with settings by these names'] as const,
    ['--help', 'this text'] as const,
  ]
  const variables = secrets.map((name) => [variableOf(name), definitions[name].help] as const)
  return [
    `stockmesh ${usageOf(command)} [options]`,
    '',
    command.summary,
    ...command.notes,
    '',
    ...aligned(options),
    ...(variables.length === 0 ? [] : ['', 'From the environment or the config file only:', ...aligned(variables)]),
    '',
    `Example: ${command.example}`,
    'Every option is also read from the environment, as STOCKMESH_ and its name: STOCKMESH_DATA for --data.',
    '',
  ].join('\n')
}

function usageOf({ name, arguments: expected }: Command): string {
  return [name, ...expected.map((one) => (one.required ? one.name : `[${one.name}]`))].join(' ')
}

function flagOf(name: SettingName): string {
  const { value } = definitions[name]
  return value === null ? `--${name}` : `--${name} ${value}`
}

function helpOf({ fallbacks }: Command, name: SettingName): string {
  const fallback = fallbacks[name] ?? definitions[name].fallback
  const shown = fallback === null || fallback === false ? '' : ` (default ${String(fallback)})`
  return `${definitions[name].help}${shown}`
}

function aligned(
  lines: readonly (readonly [string, string])[],
  width: number = Math.max(...lines.map(([left]) => left.length)),
): readonly string[] {
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
