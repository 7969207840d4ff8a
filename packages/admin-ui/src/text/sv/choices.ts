/** What a person chooses for single products and for the whole network, in Swedish. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    stopAll: {
      isStopped: 'Allt är stoppat',
      title: 'Stoppa allt',
      intro: 'Då får ingen butik i nätverket nya saldon. Försäljning läses och räknas ändå, så inget går förlorat.',
      do: 'Stoppa allt',
      since: (at) => `Allt är stoppat sedan ${at}.`,
      stays: 'Ingen butik får nya saldon förrän någon låter allt fortsätta. Försäljning räknas ändå.',
      resume: 'Låt allt fortsätta',
      unheard: (names) => `${names}: har inte fått veta det än. Det sker så snart de har kontakt.`,
    },
    skuChoice: {
      title: 'Buffert, eller undanta artikeln',
      buffer: 'Buffert för den här artikeln',
      bufferHint: 'Så många håller den här butiken inne. Tomt: butikens egen buffert gäller.',
      save: 'Spara buffert',
      saved: 'Sparat.',
      leaveOut: 'Undanta artikeln',
      leaveOutIntro:
        'Den här butiken räknar inte längre med sin försäljning av artikeln, och saldot ändras inte. De andra butikerna fortsätter.',
      leaveOutDo: 'Undanta artikeln',
      leftOutSince: (at) => `Artikeln har varit undantagen sedan ${at}.`,
      difference: (units) =>
        units === 0
          ? 'Butiken har inte själv ändrat saldot under tiden.'
          : `Butiken har själv ändrat saldot med ${format.signed(units)} under tiden. Det är inte inräknat.`,
      useNetwork: 'Ta med igen med nätverkets saldo',
      countIn: 'Ta med igen och räkna in ändringen',
      list: 'Artiklar med egen buffert eller undantagna',
      listIntro: 'Väljs på artikelns sida under Artiklar.',
      listNone: 'Ingen artikel har egen buffert eller är undantagen.',
      held: (units) => `Egen buffert: ${format.number(units)}`,
    },
  }
}
