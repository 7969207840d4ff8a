/**
 * One HTTP call byte by byte, for what no client would send: a cut connection, broken chunks, the same header twice.
 */
import { connect } from 'node:net'

const answerMsMax = 10_000

export interface RawAnswer {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** Sends the text as it is and reads until the node closes the connection; null when it answered nothing. */
export async function sendRaw(url: string, text: string | Uint8Array): Promise<RawAnswer | null> {
  const received = await new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    const limit = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection was still open after ${answerMsMax} ms; so far: ${answer}`))
    }, answerMsMax)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk
    })
    // The node may close while we still write; what it said before stands.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearTimeout(limit)
      resolve(answer)
    })
    socket.write(text)
  })
  if (received === '') return null
  const [headers = '', ...body] = received.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1]), headers, body: body.join('\r\n\r\n') }
}

/** Sends the text and cuts the connection once the system has taken it. */
export async function sendAndCut(url: string, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
    socket.write(text, () => socket.resetAndDestroy())
  })
}
