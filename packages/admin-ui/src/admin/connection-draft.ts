/** What a person enters to connect a shop: a text for each field of the platform, and what else changes stock there. */
import { type Signal, signal } from '@preact/signals'
import type { ConnectorAnswer, OtherWriter, PlatformItem } from '@stockmesh/protocol/api'

export interface ConnectionDraft {
  readonly platform: PlatformItem
  readonly values: ReadonlyMap<string, Signal<string>>
  readonly otherWriters: Signal<readonly OtherWriter[]>
}

/** What is kept of the same platform stands in its fields; a secret never does. */
export function createConnectionDraft(platform: PlatformItem, kept: ConnectorAnswer): ConnectionDraft {
  const settings = kept.platform === platform.name ? kept.settings : {}
  return {
    platform,
    values: new Map(platform.fields.map(({ name }) => [name, signal(settings[name] ?? '')])),
    otherWriters: signal(kept.otherWriters ?? []),
  }
}

/** The body of a trial; a field that is empty is left out. */
export function connectionRequest({ platform, values }: ConnectionDraft): {
  readonly platform: string
  readonly settings: Readonly<Record<string, string>>
} {
  const filled = [...values].flatMap(([name, { value }]) =>
    value.trim() === '' ? [] : [[name, value.trim()] as const],
  )
  return { platform: platform.name, settings: Object.fromEntries(filled) }
}
