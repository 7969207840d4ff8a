/** What a person chooses for single products and for the whole network, in English. */
import type { ChoiceText } from '../choice-text.ts'
import type { Format } from '../format.ts'

export function choices(format: Format): ChoiceText {
  return {
    stopAll: {
      isStopped: 'Everything is stopped',
      title: 'Stop everything',
      intro: 'Stops writing to every shop of the network. Sales are still read and counted, so nothing is lost.',
      do: 'Stop everything',
      since: (at) => `Everything has been stopped since ${at}.`,
      stays: 'No shop gets new numbers until somebody lets everything go on. Sales are still counted.',
      resume: 'Let everything go on',
      unheard: (names) => `${names}: have not heard of it yet, and will when they are back in contact.`,
    },
    skuChoice: {
      title: 'Buffer, or leave the product out',
      buffer: 'Buffer of this product',
      bufferHint: 'This shop holds back so many units. Empty: the shop’s own buffer holds.',
      save: 'Save buffer',
      saved: 'Saved.',
      leaveOut: 'Leave the product out',
      leaveOutIntro:
        'This shop no longer counts its sales of the product, and its number is not changed. The other shops go on.',
      leaveOutDo: 'Leave the product out',
      leftOutSince: (at) => `The product has been left out since ${at}.`,
      difference: (units) =>
        units === 0
          ? 'The shop has not changed the number itself meanwhile.'
          : `The shop has changed the number by ${format.signed(units)} itself meanwhile. That is not counted.`,
      useNetwork: 'Take in again with the network’s number',
      countIn: 'Take in again, and count the change',
      list: 'Products with a buffer of their own, or left out',
      listIntro: 'Chosen for each product under Products.',
      listNone: 'No product has a buffer of its own or is left out.',
      held: (units) => `Own buffer: ${format.number(units)}`,
    },
  }
}
