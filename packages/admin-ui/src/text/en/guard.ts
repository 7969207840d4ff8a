/** The partition guard in English. */
import type { Format } from '../format.ts'
import type { GuardTexts } from '../guard-text.ts'

export function guard(format: Format): GuardTexts {
  return {
    guard: {
      title: 'Avoid overselling while a shop is out of reach',
      intro:
        'A shop that loses contact cannot hear what the others sell, so the last unit can be sold twice. With this turned on, each shop then shows only its share of what was in stock when the contact was lost. Once the shops meet again, everything is shown.',
      alone: 'It can be turned on once the shop is connected with others.',
      turnedOn: 'Show only the share while a shop is out of reach (holds for all shops)',
      after: 'How long a shop must be away before this begins',
      afterHint: 'Short: less can be sold twice until then. Long: a restart is not noticed.',
      shares: 'How the stock is shared',
      sharesFrom: {
        equal: 'The same for each shop',
        sales: 'By the sales of the last 7 days',
        set: 'I decide myself',
      },
      weightsHint:
        'A whole number for each shop. Only the proportion counts: 3 and 1 are three quarters and one quarter. 0 is no share.',
      weight: (share) => `That is ${format.percent(share)}`,
      sharesNow: 'Shares now',
      save: 'Save the sharing',
      saved: 'Saved. The other shops are told by themselves.',
      unheard: (names) =>
        `Not heard of the last change yet: ${names}. Until then the smaller of the old and the new share counts.`,
      partedTitle: 'The shop shows only its share',
      parted: (names, share) =>
        `${names}: out of reach. Meanwhile only ${format.percent(share)} of what was in stock when the contact was lost is shown here. The rest is not gone: all of it is shown again once there is contact.`,
      partedOne: 'A product of which there was only one may therefore be sold out here.',
      productHint: (share) =>
        `Another shop is out of reach, so for now this shop shows only its share (${format.percent(share)}) of the stock.`,
      settingsLink: 'How the stock is shared',
      close: (name) => `Report ${name} as closed …`,
      closeTitle: (name) => `Does ${name} sell nothing at all?`,
      closeStays: [
        'Then the other shops get its share, and show it at once.',
        'Do this only if the shop is closed. If it sells after all, the last units can be sold twice.',
        'When it is back, report it as open again, and it has a share again.',
      ],
      closeDo: 'Yes, it is closed',
      closed: (name) => `${name} is reported as closed: the other shops have its share.`,
      closedBack: (name) => `${name} is reported as closed, but is in contact again.`,
      reopen: (name) => `Report ${name} as open again`,
    },
  }
}
