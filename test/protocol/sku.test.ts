/** SKU keys: what is the same goods, what is not, and what is held. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHoldings, applyIssued, recordsOf } from '../../packages/protocol/src/holdings.ts'
import { isSkuKey, parseSku, skuKey } from '../../packages/protocol/src/sku.ts'
import { check, ridAt, shopAt, totals } from './arbitraries.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'

const anyUnicode = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  // Characters whose case, composition or width changes in odd ways.
  fc.string({
    unit: fc.constantFrom(...'İıßẞΣσςǅKΩÅÆæﬁ\u0301\u0307\u0323\u0345\u2000\u00a0\ufeff\u0958\u1fbcaA 1'),
    maxLength: 20,
  }),
)

const codeOf = (raw: string | null): string => {
  const sku = parseSku(raw)
  return sku.ok ? 'ok' : sku.code
}

describe('29: SKUs', () => {
  it('` ABC-29 ` is `ABC-29` is `abc-29`', () => {
    expect([' ABC-29 ', 'ABC-29', 'abc-29', '\u00a0abc-29\t\n'].map(skuKey)).toEqual(Array(4).fill('abc-29'))
    expect(parseSku(' ABC-29 ')).toEqual({ ok: true, value: { key: 'abc-29', text: 'ABC-29' } })
    // White space inside counts.
    expect(skuKey('abc 29')).not.toBe(skuKey('abc-29'))
    expect(skuKey('abc  29')).not.toBe(skuKey('abc 29'))
  })

  it('composed and decomposed letters are one, Æ in either case too', () => {
    expect(skuKey('Æ-29')).toBe(skuKey('æ-29'))
    expect(skuKey('\u01fc-29')).toBe(skuKey('\u00c6\u0301-29'))
    expect(skuKey('Å-29')).toBe(skuKey('A\u030a-29'))
    expect(skuKey('Å-29')).toBe(skuKey('\u212b-29'))
    expect(skuKey('Æ-29')).not.toBe(skuKey('AE-29'))
  })

  it('names that mean something to a program do not cross', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a!b', 'a/b', 'a b', '..', '%00', '\u0000']
    const holdings = createHoldings(recordHashes)
    const rid = ridAt(shopAt(1))
    const issued = odd.map((text, index) => totals(index + 1, index + 1, 0, text))
    applyIssued(holdings, rid, issued, odd.length)
    expect(holdings.skus.size).toBe(odd.length)
    for (const [index, record] of issued.entries()) {
      expect(recordsOf(holdings, record.key).totals.map((one) => one.record.added)).toEqual([index + 1])
    }
    expect(Object.hasOwn(Object.prototype, 'totals')).toBe(false)
  })

  it('500 characters fit, 501 do not', () => {
    expect([codeOf('a'.repeat(500)), codeOf('a'.repeat(501))]).toEqual(['ok', 'sku-too-long'])
    expect(codeOf(`  ${'a'.repeat(500)}  `)).toBe('ok')
    // A character whose lower case or composition is longer may not smuggle in a longer key.
    for (const character of ['\u0130', '\u0958', '\ufb2c']) {
      const sku = parseSku(character.repeat(500))
      expect(sku.ok ? sku.value.key.length : 0).toBeLessThanOrEqual(500)
    }
  })

  it('empty and blank ones are ignored, half characters are held', () => {
    expect([null, '', ' ', '\t\u00a0\ufeff'].map(codeOf)).toEqual(Array(4).fill('sku-empty'))
    expect(['\ud83d', 'a\ude00', '\ude00\ud83d', 'a\ud83d b'].map(codeOf)).toEqual(Array(4).fill('sku-malformed'))
    expect(codeOf('\ud83d\ude00')).toBe('ok')
  })
})

describe('keys', () => {
  it('are fixed points: the key of a key is the key', () => {
    check(
      fc.property(anyUnicode, (raw) => {
        const key = skuKey(raw)
        if (key === null) return
        expect(skuKey(key)).toBe(key)
        expect(isSkuKey(key)).toBe(true)
      }),
      2_000,
    )
  })

  it('hold for every single character of Unicode, alone and among others', () => {
    for (let point = 0; point < 0x110000; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const character = String.fromCodePoint(point)
      for (const text of [character, `a${character}\u0301`]) {
        const key = skuKey(text)
        if (key !== null && (skuKey(key) !== key || !isSkuKey(key))) throw new Error(`U+${point.toString(16)}`)
      }
    }
  })

  it('are the same however the shop writes case, composition and outer white space', () => {
    check(
      fc.property(fc.string({ unit: fc.constantFrom(...'aæøåéñ129-/ '), maxLength: 30 }), (text) => {
        const key = skuKey(text)
        for (const other of [text.toUpperCase(), text.normalize('NFD'), `\t${text} `]) expect(skuKey(other)).toBe(key)
      }),
    )
  })

  it('refuses what no shop can have sent as a key', () => {
    for (const text of ['', ' a', 'a ', '\ud83d', 'a'.repeat(1_501)]) expect(isSkuKey(text)).toBe(false)
  })
})
