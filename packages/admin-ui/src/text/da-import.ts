/** What an import will do, in Danish. */
import type { Format } from './format.ts'
import type { ImportFlowText } from './import-text.ts'

export function danishImport(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'Det sker der',
      nothingYet: 'Der er endnu ikke skrevet noget til butikken.',
      differ: (skus, units) =>
        `${format.count(skus, 'vare', 'varer')} får et nyt tal, tilsammen ${format.number(units)} stk.`,
      noneDiffer: 'Ingen varer får et nyt tal.',
      toZero: (skus) => `${format.count(skus, 'vare', 'varer')} går til 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'vare', 'varer')} kun i denne butik: de kommer med og beholder deres tal.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'vare', 'varer')} kun i andre butikker: de berører ikke denne butik.`,
      largest: 'De største ændringer først',
      change: (from, to) => `Fra ${format.number(from)} til ${format.number(to)}`,
      csv: 'Hent alle som CSV',
    },
  }
}
