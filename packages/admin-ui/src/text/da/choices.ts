/** What a person chooses for single products and for the whole network, in Danish. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    stopAll: {
      isStopped: 'Alt er stoppet',
      title: 'Stop alt',
      intro: 'Så får ingen butik i netværket nye tal. Salg læses og tælles stadig med, så intet går tabt.',
      do: 'Stop alt',
      since: (at) => `Alt er stoppet siden ${at}.`,
      stays: 'Ingen butik får nye tal, før nogen lader alt fortsætte. Salg tælles stadig med.',
      resume: 'Lad alt fortsætte',
      unheard: (names) => `${names}: har ikke fået det at vide endnu. Det sker, så snart der er kontakt.`,
    },
    skuChoice: {
      title: 'Buffer, eller hold varen udenfor',
      buffer: 'Buffer for denne vare',
      bufferHint: 'Så mange stk. holder denne butik tilbage. Tomt: butikkens egen buffer gælder.',
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
      list: 'Varer med egen buffer eller holdt udenfor',
      listIntro: 'Vælges på varens side under Varer.',
      listNone: 'Ingen varer har egen buffer eller er holdt udenfor.',
      held: (units) => `Egen buffer: ${format.number(units)}`,
    },
  }
}
