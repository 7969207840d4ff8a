/** What a person chooses for single products and for the whole network, in Norwegian bokmål. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    stopAll: {
      isStopped: 'Alt er stoppet',
      title: 'Stopp alt',
      intro:
        'Slutter å skrive til alle butikkene i nettverket. Salg leses og telles fortsatt med, så ingenting går tapt.',
      do: 'Stopp alt',
      since: (at) => `Alt er stoppet siden ${at}.`,
      stays: 'Ingen butikk får nye tall før noen lar alt fortsette. Salg telles fortsatt med.',
      resume: 'La alt fortsette',
      unheard: (names) => `${names}: har ikke hørt det ennå og gjør det så snart de har kontakt.`,
    },
    skuChoice: {
      title: 'Buffer, eller hold varen utenfor',
      buffer: 'Buffer for denne varen',
      bufferHint: 'Så mange stk. holder denne butikken tilbake. Tomt: butikkens egen buffer gjelder.',
      save: 'Lagre buffer',
      saved: 'Lagret.',
      leaveOut: 'Hold varen utenfor',
      leaveOutIntro:
        'Denne butikken teller ikke lenger med salget sitt av varen, og tallet blir ikke endret. De andre butikkene fortsetter.',
      leaveOutDo: 'Hold varen utenfor',
      leftOutSince: (at) => `Varen har vært holdt utenfor siden ${at}.`,
      difference: (units) =>
        units === 0
          ? 'Butikken har ikke selv endret tallet i mellomtiden.'
          : `Butikken har selv endret tallet med ${format.signed(units)} i mellomtiden. Det er ikke talt med.`,
      useNetwork: 'Ta med igjen med nettverkets tall',
      countIn: 'Ta med igjen, og tell endringen med',
      list: 'Varer med egen buffer eller holdt utenfor',
      listIntro: 'Velges på varens side under Varer.',
      listNone: 'Ingen varer har egen buffer eller er holdt utenfor.',
      held: (units) => `Egen buffer: ${format.number(units)}`,
    },
  }
}
