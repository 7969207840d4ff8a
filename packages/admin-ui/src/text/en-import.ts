/** What an import will do, in English. */
import type { Format } from './format.ts'
import type { ImportFlowText } from './import-text.ts'

export function englishImport(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'What will happen',
      nothingYet: 'Nothing has been written to the shop yet.',
      differ: (skus, units) =>
        `${format.count(skus, 'product gets', 'products get')} a new number, ${format.number(units)} units in all.`,
      noneDiffer: 'No product gets a new number.',
      toZero: (skus) => `${format.count(skus, 'product goes', 'products go')} to 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'product is', 'products are')} in this shop only, and ${skus === 1 ? 'keeps its' : 'keep their'} number.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'product is', 'products are')} in other shops only, and ${skus === 1 ? 'does' : 'do'} not concern this one.`,
      largest: 'The largest changes first',
      change: (from, to) => `From ${format.number(from)} to ${format.number(to)}`,
      csv: 'Download all as CSV',
    },
  }
}
