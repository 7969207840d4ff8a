/**
 * What arrives of an answer, until it ends or the signal says so. The reader itself is cancelled: the signal that was
 * given to `fetch` reaches a body only while nothing has been collected as garbage in between.
 */
export async function* chunksOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  // What is cancelled may have failed already, which the reading tells.
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
