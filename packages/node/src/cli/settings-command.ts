/**
 * `stockmesh settings`: what was chosen for the running node. A secret goes in by the environment or the input, never
 * by the line of the command, which every user of the machine can read; it never comes out.
 */
import type { SettingsAnswer } from '@stockmesh/protocol'
import { noAnswer, statusAnswer } from '../http/answers.ts'
import { settingsSchema } from '../http/settings-routes.ts'
import type { Invocation } from './client-command.ts'
import { connectNode, type NodeClient } from './node-client.ts'
import { fieldOf, type NodeSettingName, settingKinds, settingNamed } from './node-settings.ts'
import { variableOf } from './settings.ts'
import { plain, printJson } from './cell.ts'
import { type Column, printTable } from './table.ts'
import { UsageError } from './usage-error.ts'

interface Shown {
  readonly name: string
  readonly value: string
}

const columns: readonly Column<Shown>[] = [
  { title: 'SETTING', cell: ({ name }) => name },
  { title: 'VALUE', cell: ({ value }) => value },
]

export async function settings(invocation: Invocation): Promise<number> {
  const { settings: flags, given, terminal } = invocation
  const name = given[0] === undefined ? null : nameIn(given[0])
  const change = await changeIn(invocation, name)
  const node = await connectNode(invocation)
  if (change !== null) await send(node, change)
  if (name === 'url' || name === null) {
    // The address is the node's, not one of its settings; both are one list to a person.
    const { node: self } = await node.call('GET', '/status', statusAnswer)
    if (name === 'url') {
      if (flags.json) printJson(terminal, self)
      else terminal.print(`${plain(self.url)}\n`)
      return 0
    }
    const answer = await node.call('GET', '/settings', settingsSchema)
    if (flags.json) printJson(terminal, answer)
    else printTable(terminal, columns, [...shown(answer), { name: 'url', value: self.url }])
    return 0
  }
  const answer = await node.call('GET', '/settings', settingsSchema)
  if (flags.json) printJson(terminal, answer)
  else terminal.print(`${plain(shown(answer).find((one) => one.name === name)?.value ?? null)}\n`)
  return 0
}

function nameIn(text: string): NodeSettingName {
  const name = settingNamed(text)
  if (name !== null) return name
  throw new UsageError([`"${text}" is not a setting. There are ${Object.keys(settingKinds).join(', ')}.`])
}

interface Change {
  readonly name: NodeSettingName
  /** null: the default. */
  readonly value: string | number | boolean | null
}

async function changeIn(invocation: Invocation, name: NodeSettingName | null): Promise<Change | null> {
  const { settings: flags, given } = invocation
  const text = given[1]
  if (name === null) {
    if (flags.default) throw new UsageError(['--default needs the NAME of a setting.'])
    return null
  }
  if (flags.default) {
    if (text !== undefined) throw new UsageError(['VALUE and --default do not go together.'])
    return { name, value: null }
  }
  if (text === undefined) return null
  const kind = settingKinds[name]
  if (kind === 'secret' && text !== '-') {
    throw new UsageError([
      `${name} is secret and is not taken here, where every user of this machine can read it. ` +
        `Write - in its place and set ${variableOf(name as 'alert-smtp-url')}, or pipe it in.`,
    ])
  }
  const value = text === '-' ? await readValue(invocation, name) : text
  if (kind === 'switch') return { name, value: switchIn(name, value) }
  if (kind !== 'number') return { name, value }
  if (!/^\d{1,9}$/.test(value)) throw new UsageError([`${name} must be a whole number.`])
  return { name, value: Number(value) }
}

function switchIn(name: NodeSettingName, value: string): boolean {
  if (value === 'on' || value === 'true') return true
  if (value === 'off' || value === 'false') return false
  throw new UsageError([`${name} must be on or off.`])
}

async function readValue({ settings: flags, terminal }: Invocation, name: NodeSettingName): Promise<string> {
  const isSecret = name === 'alert-webhook-secret' || name === 'alert-smtp-url'
  const fromEnvironment = isSecret ? flags[name] : null
  if (fromEnvironment !== null) return fromEnvironment
  const ask = (): Promise<string> => (isSecret ? terminal.askSecret(`${name}: `) : terminal.ask(`${name}: `))
  const value = (await (terminal.canAsk ? ask() : terminal.readInput())).trim()
  if (value === '') throw new UsageError([`There is no value for ${name}. Write --default to forget the one there is.`])
  return value
}

async function send(node: NodeClient, { name, value }: Change): Promise<void> {
  const path = name === 'name' || name === 'url' ? '/node' : '/settings'
  await node.call('PATCH', path, noAnswer, { body: { [fieldOf(name)]: value } })
}

function shown(answer: SettingsAnswer): readonly Shown[] {
  return Object.entries(settingKinds).flatMap(([name, kind]) => {
    const field = fieldOf(name as NodeSettingName)
    const value = answer[(kind === 'secret' ? `${field}Set` : field) as keyof SettingsAnswer]
    if (value === undefined) return []
    return [{ name, value: textOf(kind, value) }]
  })
}

function textOf(kind: (typeof settingKinds)[NodeSettingName], value: SettingsAnswer[keyof SettingsAnswer]): string {
  if (kind === 'secret') return value === true ? '(set)' : '-'
  if (kind === 'switch') return value === true ? 'on' : 'off'
  return String(value ?? '-')
}
