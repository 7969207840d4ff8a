/**
 * SKU keys: the text on which shops agree that two products are the same goods. Case, outer white space and the
 * composition of accents do not count; everything else does. The raw text is kept for display and for writing.
 */
import { skuCharactersMax } from './limits.ts'
import { type Failure, failure, type Result, success } from './result.ts'

declare const brand: unique symbol
export type SkuKey = string & { readonly [brand]: 'SkuKey' }

export interface Sku {
  readonly key: SkuKey
  /** As the shop spells it, trimmed. */
  readonly text: string
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/u

/**
 * Reads a shop's model/varenr. Errors: `sku-empty`, `sku-too-long` (over 500 characters), `sku-malformed` (half a
 * character that no encoding can carry).
 */
export function parseSku(raw: string | null): Result<Sku> {
  const text = (raw ?? '').trim()
  if (text === '') return failure('sku-empty', 'The product has no model/varenr.')
  if (text.length > skuCharactersMax) return tooLong(text)
  if (loneSurrogate.test(text)) return failure('sku-malformed', 'The model/varenr. holds half a character.')
  // A few characters grow in lower case or when composed; a key that is too long would not be its own key.
  const key = normalize(text)
  return key.length > skuCharactersMax ? tooLong(key) : success({ key, text })
}

function tooLong({ length }: string): Failure {
  return failure('sku-too-long', `The model/varenr. has ${length} characters; at most ${skuCharactersMax} fit.`)
}

/** The key of a text that a person typed to look something up; null where no SKU can have it. */
export function skuKey(raw: string): SkuKey | null {
  const sku = parseSku(raw)
  return sku.ok ? sku.value.key : null
}

/** Whether a text from a peer or from disk is a key: keys are fixed points of the normalization. */
export function isSkuKey(text: string): text is SkuKey {
  return text !== '' && text.length <= 3 * skuCharactersMax && !loneSurrogate.test(text) && text.trim() === text
}

function normalize(text: string): SkuKey {
  return text.normalize('NFC').trim().toLowerCase().normalize('NFC') as SkuKey
}
