/** What people type or paste, and what is tried for it. */
import { parseAddress } from '@stockmesh/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const dial = (typed: string): readonly string[] | string => {
  const parsed = parseAddress(typed)
  return parsed.ok ? parsed.value.dial : parsed.code
}

describe('an address', () => {
  it('of host and port is dialed as it stands', () => {
    expect(dial('127.0.0.1:7401')).toEqual(['ws://127.0.0.1:7401/sync/v1', 'wss://127.0.0.1:7401/sync/v1'])
    expect(dial('localhost:7401')).toEqual(['ws://localhost:7401/sync/v1', 'wss://localhost:7401/sync/v1'])
    expect(dial('[::1]:7401')).toEqual(['ws://[::1]:7401/sync/v1', 'wss://[::1]:7401/sync/v1'])
    expect(dial(' http://127.0.0.1:7401/ ')).toEqual(['ws://127.0.0.1:7401/sync/v1'])
    expect(dial('WSS://Shop.Example:443/sync/v1')).toEqual(['wss://shop.example:443/sync/v1'])
    expect(dial('http://127.0.0.1:7401/#/shops')).toEqual(['ws://127.0.0.1:7401/sync/v1'])
  })

  it('with a path is tried below the path, then at the root', () => {
    expect(dial('https://shop.example/stock//')).toEqual([
      'wss://shop.example/stock/sync/v1',
      'wss://shop.example/sync/v1',
    ])
  })

  it('of a domain alone is looked for: its page first, then two ports', () => {
    const parsed = parseAddress('shop.example.')
    expect(parsed).toEqual({
      ok: true,
      value: {
        host: 'shop.example',
        wellKnown: ['https://shop.example/.well-known/stockmesh', 'http://shop.example/.well-known/stockmesh'],
        dial: ['wss://shop.example/sync/v1', 'ws://shop.example:7400/sync/v1', 'wss://shop.example:7400/sync/v1'],
      },
    })
    expect(dial('lagerø.dk')).toContain('wss://lagerø.dk/sync/v1')
    expect(dial('::1')).toContain('ws://[::1]:7400/sync/v1')
  })

  it('with a password, a number in disguise, or another form is none', () => {
    expect(dial('http://user:secret@shop.example')).toBe('address-has-credentials')
    for (const typed of [
      '',
      ' ',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '127.1',
      '1.2.3.256',
      'a b',
      'shop..dk',
      '-a.dk',
      'shop.dk:0',
      'shop.dk:99999',
      'ftp://shop.dk',
      'http://',
      '[::1',
      '[fe80::1%eth0]:1',
      'http:\\\\shop.dk',
      'a/b\nc',
      'x'.repeat(600),
    ]) {
      expect(dial(typed), typed).toBe('address-invalid')
    }
  })

  it('of any text is a value or a failure, and what is dialed is a URL', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.ipV6()), (typed) => {
        const parsed = parseAddress(typed)
        if (parsed.ok) for (const url of parsed.value.dial) expect(url).toMatch(/^wss?:\/\/[^/@]+\/.*sync\/v1$/)
      }),
    )
  })
})
