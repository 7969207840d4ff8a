/**
 * A port with a certificate: https and wss for everybody, a sentence for whoever comes plainly from elsewhere, a renewed
 * certificate without a restart, and keys that others may read refused.
 */
import { mkdtempSync } from 'node:fs'
import { chmod, copyFile, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type PeerCertificate } from 'node:tls'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CertificateError, Certificates } from '../../packages/node/src/http/certificates.ts'
import { certificateLookMs } from '../../packages/node/src/http/limits.ts'
import { type Listener, openListener } from '../../packages/node/src/http/listener.ts'
import { tlsEntrance } from '../../packages/node/src/http/tls-entrance.ts'
import { makeCertificate, type MadeCertificate, noOpenssl } from '../harness/certificate.ts'
import { eventually } from '../harness/eventually.ts'
import { ManualClock } from './manual-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'stockmesh-tls-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(noOpenssl !== null)(`a port with a certificate (${noOpenssl ?? 'openssl is here'})`, () => {
  const first = makeCertificate(folder, 'first')
  const second = makeCertificate(folder, 'second')
  const refused: CertificateError[] = []
  let clock: ManualClock
  let files: MadeCertificate['files']
  let certificates: Certificates
  let listener: Listener

  beforeEach(async () => {
    clock = new ManualClock()
    refused.length = 0
    files = { cert: join(folder, 'now.pem'), key: join(folder, 'now.key') }
    await put(first)
    certificates = await Certificates.open({ files, timers: clock, onRefused: (error) => void refused.push(error) })
    listener = await openListener({
      host: '127.0.0.1',
      port: 0,
      app: (request, response) => {
        const { encrypted } = request.socket as { encrypted?: boolean }
        response.end(encrypted === true ? 'https' : 'http')
      },
      upgrades: {
        '/echo': (_request, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
          socket.pipe(socket)
        },
      },
      clock,
      certificates,
    })
  })
  afterEach(async () => {
    await listener[Symbol.asyncDispose]()
    await certificates[Symbol.asyncDispose]()
  })

  async function put({ files: made }: MadeCertificate): Promise<void> {
    // A link of the test before would else be written through.
    for (const file of Object.values(files)) await rm(file, { force: true })
    await copyFile(made.cert, files.cert)
    await copyFile(made.key, files.key)
    await chmod(files.key, 0o600)
  }

  /** The name of the certificate that a new connection is shown. */
  async function shown(): Promise<string> {
    const socket = connectTls({ port: listener.port, host: '127.0.0.1', ca: [first.cert, second.cert] })
    const peer = await new Promise<PeerCertificate>((resolve, reject) => {
      socket.once('secureConnect', () => resolve(socket.getPeerCertificate()))
      socket.once('error', reject)
    })
    socket.destroy()
    return String(peer.subject.CN)
  }

  function getByTls(): Promise<string> {
    const options = { host: '127.0.0.1', port: listener.port, ca: first.cert, agent: false as const }
    return textOf((answered) => tlsRequest(options, answered))
  }

  test('speaks https, and plain http to this machine itself', async () => {
    expect(await getByTls()).toBe('https')
    const options = { host: '127.0.0.1', port: listener.port, agent: false as const }
    expect(await textOf((answered) => plainRequest(options, answered))).toBe('http')
  })

  test('a WebSocket of another shop comes by TLS', async () => {
    const socket = connectTls({ port: listener.port, host: '127.0.0.1', ca: first.cert })
    socket.write('GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    let said = ''
    socket.on('data', (text: Buffer) => {
      if (said === '') socket.write('back again')
      said += text.toString()
    })
    await eventually('it echoes', () => said.endsWith('back again'))
    expect(said).toContain('101 Switching Protocols')
    socket.destroy()
  })

  test('whoever comes plainly from elsewhere is told to come by https, at once', async () => {
    const entrance = tlsEntrance({ pair: first, app: (_, response) => response.end('app'), mayBePlain: () => false })
    await new Promise<void>((resolve) => entrance.port.listen(0, '127.0.0.1', resolve))
    const { port } = entrance.port.address() as { port: number }
    const said = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'))
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
    expect(JSON.parse(said.slice(said.indexOf('\r\n\r\n')))).toEqual({
      error: { code: 'https-needed', message: expect.stringContaining('https://') as string, details: {} },
    })
    await new Promise((resolve) => entrance.port.close(resolve))
  })

  test('bytes that are no handshake, and one that breaks off, end their own connection alone', async () => {
    for (const bytes of [Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]), Buffer.from([0x16]), Buffer.from([0, 0, 0])]) {
      const socket = connect(listener.port, '127.0.0.1', () => socket.end(bytes))
      await new Promise<void>((resolve) => {
        socket.on('error', () => undefined)
        socket.resume()
        socket.on('close', () => resolve())
      })
    }
    expect(await getByTls()).toBe('https')
  })

  test('who says nothing, or stops in the middle of a handshake, does not keep a node from ending', async () => {
    const ended = ['', '\x16'].map(
      (said) =>
        new Promise<void>((resolve) => {
          const socket = connect(listener.port, '127.0.0.1', () => socket.write(said))
          socket.on('error', () => undefined)
          socket.once('close', () => resolve())
          socket.resume()
        }),
    )
    expect(await getByTls()).toBe('https')
    const closed = listener[Symbol.asyncDispose]()
    clock.advance(60_000)
    await Promise.all([closed, ...ended])
  })

  test('a renewed certificate is shown to the next connection', async () => {
    expect(await shown()).toBe('first')
    await put(second)
    expect(await shown()).toBe('first')
    clock.advance(certificateLookMs)
    await eventually('the new one is shown', async () => (await shown()) === 'second')
    expect(refused).toEqual([])
  })

  test('links that are set to other files are followed, as certbot sets them', async () => {
    for (const kind of ['cert', 'key'] as const) {
      await unlink(files[kind])
      await symlink(second.files[kind], files[kind])
    }
    clock.advance(certificateLookMs)
    await eventually('the new one is shown', async () => (await shown()) === 'second')
  })

  test('a renewal that is half done changes nothing, and is told once', async () => {
    await copyFile(second.files.cert, files.cert)
    const looked = async (): Promise<void> => {
      clock.advance(certificateLookMs)
      await eventually('it looked', () => clock.timers > 0)
    }
    await looked()
    await looked()
    expect(await shown()).toBe('first')
    expect(refused.map(({ code }) => code)).toEqual(['tls-pair-invalid'])
    await put(second)
    clock.advance(certificateLookMs)
    await eventually('the whole one is shown', async () => (await shown()) === 'second')
  })

  test.each([
    ['a key that others may read', 'tls-key-exposed', () => chmod(files.key, 0o604)],
    ['a key that its group may change', 'tls-key-exposed', () => chmod(files.key, 0o620)],
    ['a key that is not there', 'tls-file-unreadable', () => unlink(files.key)],
    ['the key of another certificate', 'tls-pair-invalid', () => copyFile(second.files.key, files.key)],
    ['a key that is no key', 'tls-pair-invalid', () => writeFile(files.key, 'no key')],
    ['a certificate that is none', 'tls-pair-invalid', () => writeFile(files.cert, 'no certificate')],
  ])('%s is refused with %s', async (_, code, spoil) => {
    await spoil()
    const opened = Certificates.open({ files, timers: clock, onRefused: () => undefined })
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(files.cert.slice(0, -4)) })
    await rm(files.key, { force: true })
  })
})

function textOf(
  send: (answered: (answer: NodeJS.ReadableStream) => void) => ReturnType<typeof plainRequest>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = send((answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end()
  })
}
