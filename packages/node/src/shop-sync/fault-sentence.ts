/** Why a row of the shop is not synchronised, and what a person does about it: one sentence for each code. */
const sentences: Readonly<Record<string, string>> = {
  bundle: 'It is a bundle, which sells the stock of other products. Those are synchronised; nothing has to be done.',
  'sku-too-long': 'The model/varenr. is too long: at most 500 characters fit. Shorten it in the shop.',
  'sku-malformed': 'The model/varenr. holds half a character. Type it anew in the shop.',
  'stock-fraction': 'The shop reports a fraction of a unit. Stock is counted in whole units.',
  'stock-out-of-range': 'The shop reports a stock that is out of range. Correct it in the shop.',
  'stock-not-a-number': 'The shop reports a stock that is not a number. Correct it in the shop.',
}

export function faultSentence(code: string): string {
  return sentences[code] ?? `It cannot be synchronised as it is (${code}). Correct it in the shop.`
}
