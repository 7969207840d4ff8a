/**
 * The settings of a running node as the command line names them. Each setting of the interface stands here, or this
 * does not compile.
 */
import type { SettingsAnswer } from '@stockmesh/protocol'

type SettingKind = 'text' | 'number' | 'switch' | 'secret'

/** `alertSmtpUrlSet` tells of the secret `alertSmtpUrl`. */
type NameOf<Field extends string> = Field extends `${infer Secret}Set` ? Kebab<Secret> : Kebab<Field>
type Kebab<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : Text

export type NodeSettingName = NameOf<keyof SettingsAnswer> | 'url'

export const settingKinds: { readonly [Name in NodeSettingName]: SettingKind } = {
  name: 'text',
  url: 'text',
  language: 'text',
  buffer: 'number',
  'hold-own-changes': 'switch',
  'hold-member-changes': 'switch',
  'hold-from-skus': 'number',
  'alert-webhook-url': 'text',
  'alert-webhook-secret': 'secret',
  'alert-email-to': 'text',
  'alert-email-from': 'text',
  'alert-smtp-url': 'secret',
  'alert-unreachable-minutes': 'number',
  'alert-quiet-from': 'text',
  'alert-quiet-to': 'text',
  'alert-quiet-zone': 'text',
  'alert-quiet-exempt': 'text',
}

/** Both spellings are a person's: the one shown here and the one of the interface. */
export function settingNamed(text: string): NodeSettingName | null {
  const name = text.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return Object.hasOwn(settingKinds, name) ? (name as NodeSettingName) : null
}

/** As the interface spells it. */
export function fieldOf(name: NodeSettingName): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
