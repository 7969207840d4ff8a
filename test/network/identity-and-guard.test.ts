/** The key of a shop on disk, and the addresses that may be dialed. */
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shopIdOfKey } from '@stockmesh/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openIdentity, verify } from '../../packages/node/src/identity.ts'
import { checkAddress, checkUrl, DialLimiter, guardedLookup } from '../../packages/node/src/network/address-guard.ts'
import { createDial } from '../../packages/node/src/network/dialer.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { ManualTime } from './manual-time.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-identity-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true, force: true })
})

describe('identity', () => {
  it('is made once, is the same afterwards, and is readable by its owner only', async () => {
    const [first, second] = await Promise.all([
      openIdentity(directory, systemRandom),
      openIdentity(directory, systemRandom),
    ])
    expect(first.shopId).toBe(second.shopId)
    expect(first.shopId).toBe(shopIdOfKey(first.publicKey))
    expect(await readdir(directory)).toEqual(['identity.json'])
    expect((await stat(join(directory, 'identity.json'))).mode & 0o777).toBe(0o600)
    await chmod(join(directory, 'identity.json'), 0o644)
    const third = await openIdentity(directory, systemRandom)
    expect(third.shopId).toBe(first.shopId)
    expect((await stat(join(directory, 'identity.json'))).mode & 0o777).toBe(0o600)
  })

  it('signs what others can verify, and nothing else', async () => {
    const { publicKey, sign } = await openIdentity(directory, systemRandom)
    const bytes = new Uint8Array([1, 2, 3])
    const signature = sign(bytes)
    expect(signature).toHaveLength(64)
    expect(verify(publicKey, bytes, signature)).toBe(true)
    expect(verify(publicKey, new Uint8Array([1, 2, 4]), signature)).toBe(false)
    expect(verify(new Uint8Array(32).fill(255), bytes, signature)).toBe(false)
    expect(verify(new Uint8Array(5), bytes, signature)).toBe(false)
  })

  it('says in one sentence that its file is damaged, and leaves the file alone', async () => {
    for (const text of ['', '{}', '{"privateKey":"AAAA"}', 'null']) {
      await writeFile(join(directory, 'identity.json'), text)
      await expect(openIdentity(directory, systemRandom)).rejects.toMatchObject({
        code: 'identity-damaged',
        message: expect.stringContaining('Restore the file from a backup') as string,
      })
    }
  })
})

describe('the address guard', () => {
  it('allows public addresses, private ones where it is said, and nothing else', () => {
    const codes = (addresses: readonly string[], allowsPrivate: boolean): string[] =>
      addresses.map((address) => {
        const checked = checkAddress(address, allowsPrivate)
        return checked.ok ? 'ok' : checked.code
      })
    const near = [
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '10.0.0.1',
      '172.31.0.1',
      '192.168.1.1',
      'fd12::1',
      '::ffff:10.0.0.1',
    ]
    expect(new Set(codes(near, true))).toEqual(new Set(['ok']))
    expect(new Set(codes(near, false))).toEqual(new Set(['private-address-refused']))
    for (const allowsPrivate of [true, false]) {
      const open = ['8.8.8.8', '172.32.0.1', '2606:4700::1', '::ffff:8.8.8.8']
      expect(new Set(codes(open, allowsPrivate))).toEqual(new Set(['ok']))
    }
    const never = [
      '169.254.169.254',
      'fe80::1',
      '::ffff:169.254.169.254',
      '224.0.0.1',
      'ff02::1',
      '0.0.0.0',
      '::',
      '64:ff9b::7f00:1',
      '64:ff9b::a00:1',
      '2002:7f00:1::',
      '100.64.0.1',
      '255.255.255.255',
      'fd00:ec2::254',
      '::ffff:100.64.0.1',
      '0x7f.1',
      '2130706433',
      'localhost',
      '',
    ]
    for (const each of [true, false]) expect(new Set(codes(never, each))).toEqual(new Set(['address-refused']))
  })

  it('judges numbers in disguise by what they mean', () => {
    for (const host of ['0x7f.1', '2130706433', '0177.0.0.1']) {
      expect(checkUrl(`ws://${host}:80/`, true)).toMatchObject({ ok: true, value: { hostname: '127.0.0.1' } })
      expect(checkUrl(`ws://${host}:80/`, false)).toMatchObject({ code: 'private-address-refused' })
    }
    for (const host of ['0xa9fea9fe', '169.254.43518', '[::ffff:a9fe:a9fe]', '[64:ff9b::7f00:1]']) {
      expect(checkUrl(`ws://${host}:80/`, true).ok).toBe(false)
    }
    expect(checkUrl('ws://user@127.0.0.1/', true)).toMatchObject({ code: 'address-has-credentials' })
  })

  it('makes no TCP connection to a refused address', async () => {
    // Stubbed, so that even a broken guard sends nothing from this test.
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function stay(this: Socket) {
      queueMicrotask(() => this.destroy(new Error('stubbed')))
      return this
    })
    const limiter = new DialLimiter(new ManualTime())
    for (const url of [
      'ws://127.0.0.1/sync/v1',
      'ws://0x0a000001/sync/v1',
      'ws://169.254.169.254/',
      'wss://[64:ff9b::7f00:1]/',
      'ws://0xa9fea9fe/',
    ]) {
      const dialed = await createDial(() => false)(url, limiter, new AbortController().signal)
      expect(dialed.ok).toBe(false)
    }
    expect(connect).not.toHaveBeenCalled()
  })

  it('lets a name through only with allowed addresses', async () => {
    const look = (name: string): Promise<unknown> =>
      new Promise((resolve) => guardedLookup(true)(name, { all: true }, (error, found) => resolve(error ?? found)))
    expect(await look('localhost')).toEqual(expect.arrayContaining([expect.objectContaining({ family: 4 })]))
    expect(await look('8.8.8.8')).toEqual([{ address: '8.8.8.8', family: 4 }])
    await new Promise((resolve) =>
      guardedLookup(false)('localhost', {}, (error) =>
        resolve(expect(error).toMatchObject({ code: 'private-address-refused' })),
      ),
    )
    expect(await look('169.254.169.254')).toMatchObject({ code: 'address-refused' })
  })

  it('allows five dials a minute where nobody proved who they are', async () => {
    const time = new ManualTime()
    const limiter = new DialLimiter(time)
    const codes = (count: number): string[] =>
      Array.from({ length: count }, () => {
        const admitted = limiter.admit('127.0.0.1:1')
        return admitted.ok ? 'ok' : admitted.code
      })
    expect(codes(6)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'dial-limit'])
    expect(limiter.admit('127.0.0.1:2').ok).toBe(true)
    await time.advance(60_000)
    expect(codes(1)).toEqual(['ok'])
    limiter.trust('127.0.0.1:1')
    expect(new Set(codes(20))).toEqual(new Set(['ok']))
  })

  it('knows after a restart where somebody proved who they are', () => {
    const kept: string[] = []
    const limiter = new DialLimiter(new ManualTime(), [], (place) => kept.push(place))
    limiter.trust('127.0.0.1:1')
    limiter.trust('127.0.0.1:1')
    expect(kept).toEqual(['127.0.0.1:1'])
    const next = new DialLimiter(new ManualTime(), kept)
    expect(next.trusts('127.0.0.1:1')).toBe(true)
    expect(next.trusts('127.0.0.1:2')).toBe(false)
  })
})
