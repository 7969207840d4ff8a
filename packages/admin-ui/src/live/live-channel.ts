/**
 * What the node says about itself, as it happens: the awareness state `node` on the y-websocket channel. While the
 * channel is absent the same state is put together by reading every five seconds: at the start too, so that the page is
 * shown before the code of the channel is fetched. One instance for the page.
 */
import { type ReadonlySignal, type Signal, batch, signal } from '@preact/signals'
import type { ImportAnswer, JoinAnswer, LiveState, StatusAnswer } from '@stockmesh/protocol/api'
import type { WebsocketProvider } from 'y-websocket'
import { readApi } from '../api/client.ts'
import type { Contact } from './freshness.ts'

const pollMs = 5000
/** A channel that broke is given this long to come back before the page reads by itself. */
const firstPollMs = 800

export class LiveChannel {
  readonly #state: Signal<LiveState | null> = signal(null)
  readonly #contact: Signal<Contact> = signal({ channelOpen: false, heardMs: null, isPolled: false })
  #provider: WebsocketProvider | null = null
  #isRunning = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #polls = 0

  get state(): ReadonlySignal<LiveState | null> {
    return this.#state
  }

  get contact(): ReadonlySignal<Contact> {
    return this.#contact
  }

  start(): void {
    if (this.#isRunning) {
      return
    }
    this.#isRunning = true
    void this.#poll()
  }

  /** Fetches the code of the channel, and opens it unless the page has stopped listening meanwhile. */
  async #open(): Promise<void> {
    const { openProvider } = await import('./live-provider.ts')
    if (!this.#isRunning || this.#provider !== null) {
      return
    }
    const provider = openProvider(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live/v1`)
    provider.awareness.on('change', () => this.#hear(provider))
    // A renewed state without a change is a sign of life too.
    provider.awareness.on('update', () => this.#touch(provider))
    provider.on('status', ({ status }: { status: string }) => {
      if (status !== 'connected' && this.#contact.value.channelOpen) {
        this.#contact.value = { channelOpen: false, heardMs: Date.now(), isPolled: false }
        this.#schedulePoll(firstPollMs)
      }
    })
    this.#provider = provider
  }

  stop(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#timer = null
    }
    this.#isRunning = false
    this.#provider?.destroy()
    this.#provider = null
    batch(() => {
      this.#state.value = null
      this.#contact.value = { channelOpen: false, heardMs: null, isPolled: false }
    })
  }

  /** Reads the state now, after something was done here; the channel brings it too, but a poll would not for seconds. */
  async refresh(): Promise<void> {
    if (!this.#contact.value.channelOpen) {
      await this.#read()
    }
  }

  #hear(provider: WebsocketProvider): void {
    const heard = nodeState(provider)
    if (heard !== null) {
      batch(() => {
        this.#state.value = heard
        this.#contact.value = { channelOpen: true, heardMs: Date.now(), isPolled: false }
      })
    }
  }

  #touch(provider: WebsocketProvider): void {
    if (this.#contact.value.channelOpen && nodeState(provider) !== null) {
      this.#contact.value = { channelOpen: true, heardMs: Date.now(), isPolled: false }
    }
  }

  #schedulePoll(delayMs: number): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
    }
    this.#timer = setTimeout(() => {
      this.#timer = null
      // The read shows its failure by not moving `heardMs`.
      void this.#poll()
    }, delayMs)
  }

  async #poll(): Promise<void> {
    if (this.#contact.value.channelOpen) {
      return
    }
    await this.#read()
    if (this.#isRunning && !this.#contact.value.channelOpen) {
      this.#schedulePoll(pollMs)
    }
    if (this.#isRunning && this.#provider === null) {
      // A file that did not arrive is asked for with the next reading.
      await this.#open().catch(() => undefined)
    }
  }

  async #read(): Promise<void> {
    try {
      const [status, join, importing] = await Promise.all([
        readApi<StatusAnswer>('/api/v1/status'),
        readApi<JoinAnswer>('/api/v1/join'),
        readApi<ImportAnswer>('/api/v1/import'),
      ])
      if (!this.#isRunning || this.#contact.value.channelOpen) {
        return
      }
      this.#polls += 1
      // A poll cannot know which list changed, so each of them counts as changed.
      const versions = { stock: -this.#polls, log: -this.#polls, problems: -this.#polls, requests: -this.#polls }
      batch(() => {
        this.#state.value = { status, join, import: importing, versions }
        this.#contact.value = { channelOpen: false, heardMs: Date.now(), isPolled: true }
      })
    } catch {
      // Nothing was heard: the indicator says since when.
    }
  }
}

function nodeState(provider: WebsocketProvider): LiveState | null {
  for (const [client, state] of provider.awareness.getStates()) {
    if (client !== provider.awareness.clientID && 'node' in state) {
      return state['node'] as LiveState
    }
  }
  return null
}
