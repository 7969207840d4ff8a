/** What a person chooses for single products and for the whole network, in Danish. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    skuChoice: {
      title: 'Buffer, eller hold varen udenfor',
      buffer: 'Buffer for denne vare',
      bufferHint: 'Så mange stk. viser denne butik for lidt. Tomt: butikkens egen buffer gælder.',
      save: 'Gem buffer',
      saved: 'Gemt.',
      leaveOut: 'Hold varen udenfor',
      leaveOutIntro:
        'Denne butik tæller ikke længere sit salg af varen med, og dens tal bliver ikke rettet. De andre butikker fortsætter.',
      leaveOutDo: 'Hold varen udenfor',
      leftOutSince: (at) => `Varen har været holdt udenfor siden ${at}.`,
      difference: (units) =>
        units === 0
          ? 'Butikken har ikke selv ændret tallet imens.'
          : `Butikken har selv ændret tallet med ${format.signed(units)} imens. Det er ikke talt med.`,
      useNetwork: 'Tag med igen med netværkets tal',
      countIn: 'Tag med igen, og tæl ændringen med',
    },
  }
}
