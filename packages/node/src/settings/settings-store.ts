/**
 * The settings as they are now: durable before they count, told to listeners afterwards.
 *
 * Name and address may also be given when the node is started. The later word holds: a choice is kept together with
 * the start's word that it replaced, and stands for as long as the node is started with that word, or with none.
 */
import { Lane } from '../lane.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { defaultSettings, type NodeSettings, type Profile, type SettingsChange } from './settings.ts'

/** What the node was started with; null: nothing was said. */
export interface StartWords {
  readonly name: string | null
  readonly url: string | null
}

/** A choice in place of what the node was started with. */
interface Replacement {
  readonly value: string
  readonly replaced: string | null
}

/** What a person chose, and nothing else: a default that changes with a release reaches whoever did not choose. */
interface Chosen extends Partial<Omit<NodeSettings, keyof StartWords>> {
  readonly name?: Replacement
  readonly url?: Replacement
}

export interface SettingsStoreParts {
  readonly storage: Storage
  /** The table byte of the HTTP interface. */
  readonly table: number
  readonly started: StartWords
  /** null before set-up. */
  readonly profile: () => Profile | null
}

type Listener = (now: NodeSettings, before: NodeSettings) => void

export class SettingsStore {
  readonly #parts: SettingsStoreParts
  readonly #row: Uint8Array
  readonly #listeners = new Set<Listener>()
  #chosen: Chosen
  #current: { readonly of: Chosen; readonly profile: Profile | null; readonly settings: NodeSettings } | null = null
  readonly #turns = new Lane()

  static async open(parts: SettingsStoreParts): Promise<SettingsStore> {
    const row = encodeKey(parts.table, 'settings')
    const bytes = await parts.storage.get(row)
    const stored = bytes === undefined ? {} : decodeJson<Chosen>(bytes)
    const chosen = withoutOutspoken(stored, parts.started)
    if (chosen !== stored) await parts.storage.write([put(row, encodeJson(chosen))])
    return new SettingsStore(parts, row, chosen)
  }

  private constructor(parts: SettingsStoreParts, row: Uint8Array, chosen: Chosen) {
    this.#parts = parts
    this.#row = row
    this.#chosen = chosen
  }

  get current(): NodeSettings {
    const profile = this.#parts.profile()
    if (this.#current?.of !== this.#chosen || this.#current.profile !== profile) {
      const settings = effective(this.#chosen, this.#parts.started, profile)
      this.#current = { of: this.#chosen, profile, settings }
    }
    return this.#current.settings
  }

  /** What the pages are told before anybody has signed in; each null until somebody chose it. */
  get profile(): { readonly [Name in keyof Profile]: Profile[Name] | null } {
    const profile = this.#parts.profile()
    const isNamed = profile !== null || this.#chosen.name !== undefined
    return {
      name: isNamed ? this.current.name : null,
      language: this.#chosen.language ?? profile?.language ?? null,
    }
  }

  /** Resolves when the change is durable and the listeners have heard of it. */
  change(change: SettingsChange): Promise<NodeSettings> {
    return this.#turns.run(() => this.#change(change))
  }

  /** Told of every change, whether or not the value is another one. */
  onChange(listener: Listener): void {
    this.#listeners.add(listener)
  }

  async #change(change: SettingsChange): Promise<NodeSettings> {
    const before = this.current
    const chosen = chosenAfter(this.#chosen, change, this.#parts.started)
    await this.#parts.storage.write([put(this.#row, encodeJson(chosen))])
    this.#chosen = chosen
    const now = this.current
    for (const listener of this.#listeners) listener(now, before)
    return now
  }
}

function effective(chosen: Chosen, started: StartWords, profile: Profile | null): NodeSettings {
  const { name, url, ...others } = chosen
  const language = profile === null ? {} : { language: profile.language }
  return {
    ...defaultSettings,
    ...language,
    ...others,
    name: name?.value ?? started.name ?? profile?.name ?? defaultSettings.name,
    url: url?.value ?? started.url,
  }
}

function chosenAfter(before: Chosen, change: SettingsChange, started: StartWords): Chosen {
  const chosen: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    if (value === null) delete chosen[name]
    else chosen[name] = name === 'name' || name === 'url' ? { value, replaced: started[name] } : value
  }
  return chosen
}

/** Choices that the node was started with a new word for are gone: that word came later. */
function withoutOutspoken(chosen: Chosen, started: StartWords): Chosen {
  const { name, url, ...others } = chosen
  const keepsName = name !== undefined && holds(name, started.name)
  const keepsUrl = url !== undefined && holds(url, started.url)
  if (keepsName === (name !== undefined) && keepsUrl === (url !== undefined)) return chosen
  return { ...others, ...(keepsName ? { name } : {}), ...(keepsUrl ? { url } : {}) }
}

function holds({ replaced }: Replacement, started: string | null): boolean {
  return started === null || started === replaced
}
