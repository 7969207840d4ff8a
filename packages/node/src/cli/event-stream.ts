/**
 * The node's events, for as long as nobody presses Ctrl-C: a stream that breaks or falls silent is opened again from
 * the last event that came, and the node sends what was missed, or one `reset`.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { chunksOf } from './body-chunks.ts'
import { eventSilenceMsMax, reconnectMsMax, reconnectMsMin } from './limits.ts'
import { isPassing, NodeCallError } from './node-call-error.ts'
import type { NodeClient } from './node-client.ts'
import type { Terminal } from './terminal.ts'

export type StreamEvent =
  /** `mayMiss`: no event had come yet to go on from, so what happened since the last connection is not sent. */
  | { readonly kind: 'open'; readonly isFirst: boolean; readonly mayMiss: boolean }
  /** One sentence, once until it is open again, which happens by itself. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'event'; readonly name: string; readonly id: string | null; readonly data: unknown }

/** Ends when the process is asked to. Throws where the first connection fails, or the node refuses. */
export async function* followEvents(node: NodeClient, terminal: Terminal): AsyncGenerator<StreamEvent> {
  let connection = new AbortController()
  let isStopped = false
  const stopped = terminal.stopped().then(() => {
    isStopped = true
    connection.abort()
  })
  // Asked through a function: the compiler does not see that the promise above changes it.
  const mustEnd = (): boolean => isStopped
  let lastEventId: string | null = null
  let isFirst = true
  let isLost = false
  let pauseMs = reconnectMsMin
  while (!mustEnd()) {
    connection = new AbortController()
    try {
      const stream = await node.openEvents(lastEventId, connection)
      yield { kind: 'open', isFirst, mayMiss: !isFirst && lastEventId === null }
      isFirst = false
      isLost = false
      for await (const message of messagesOf(stream, connection, terminal)) {
        pauseMs = reconnectMsMin
        lastEventId = message.id ?? lastEventId
        if (message.event === 'ping') continue
        yield { kind: 'event', name: message.event ?? 'message', id: message.id ?? null, data: dataOf(message) }
      }
      if (mustEnd()) return
      isLost = true
      yield { kind: 'lost', reason: 'The node has ended the stream.' }
    } catch (error) {
      if (mustEnd()) return
      // A node that is there and says no will not change its mind.
      if (isFirst || (error instanceof NodeCallError && !isPassing(error))) throw error
      if (!isLost)
        yield { kind: 'lost', reason: error instanceof NodeCallError ? error.message : 'The stream broke off.' }
      isLost = true
    }
    await rest(terminal, pauseMs, stopped)
    pauseMs = Math.min(2 * pauseMs, reconnectMsMax)
  }
}

/** Until the time is over or the process must end; a timer that is left would hold up its end. */
async function rest(terminal: Terminal, ms: number, stopped: Promise<void>): Promise<void> {
  let cancel = (): void => undefined
  const over = new Promise<void>((resolve) => {
    cancel = terminal.after(ms, resolve)
  })
  await Promise.race([over, stopped])
  cancel()
}

async function* messagesOf(
  stream: ReadableStream<Uint8Array>,
  connection: AbortController,
  terminal: Terminal,
): AsyncGenerator<EventSourceMessage> {
  const arrived: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => void arrived.push(message) })
  const decoder = new TextDecoder()
  let cancel = terminal.after(eventSilenceMsMax, () => connection.abort())
  try {
    for await (const chunk of chunksOf(stream, connection.signal)) {
      cancel()
      cancel = terminal.after(eventSilenceMsMax, () => connection.abort())
      parser.feed(decoder.decode(chunk, { stream: true }))
      yield* arrived.splice(0)
    }
  } finally {
    cancel()
  }
}

function dataOf({ data }: EventSourceMessage): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}
