/** What a person chooses for single products and for the whole network, in Swedish. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    skuChoice: {
      title: 'Buffert, eller ställ artikeln utanför',
      buffer: 'Buffert för den här artikeln',
      bufferHint: 'Så många färre visar den här butiken. Tomt: butikens egen buffert gäller.',
      save: 'Spara buffert',
      saved: 'Sparat.',
      leaveOut: 'Ställ artikeln utanför',
      leaveOutIntro:
        'Den här butiken räknar inte längre med sin försäljning av artikeln, och saldot ändras inte. De andra butikerna fortsätter.',
      leaveOutDo: 'Ställ artikeln utanför',
      leftOutSince: (at) => `Artikeln har stått utanför sedan ${at}.`,
      difference: (units) =>
        units === 0
          ? 'Butiken har inte själv ändrat saldot under tiden.'
          : `Butiken har själv ändrat saldot med ${format.signed(units)} under tiden. Det är inte inräknat.`,
      useNetwork: 'Ta med igen med nätverkets saldo',
      countIn: 'Ta med igen och räkna in ändringen',
    },
  }
}
