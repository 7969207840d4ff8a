/** The text on which shops agree that two products are the same goods; the node's rule, which a test compares with it. */
import { skuCharactersMax } from './options'

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/u

/** null: such a SKU is not synchronised. */
export function skuKey(raw: string | null): string | null {
  const text = (raw ?? '').trim()
  if (text === '' || text.length > skuCharactersMax || loneSurrogate.test(text)) return null
  const key = text.normalize('NFC').trim().toLowerCase().normalize('NFC')
  return key.length > skuCharactersMax ? null : key
}
