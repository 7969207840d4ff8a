/** What a person sets or says, in English. */
import type { Format } from '../format.ts'
import type { FormText } from '../form-text.ts'

export function forms(format: Format): FormText {
  return {
    settings: {
      shop: 'The shop',
      name: 'Name of the shop',
      nameHint: 'The other shops see this name.',
      language: 'Language of the node',
      languageHint: 'The language that the pages open in, until somebody chooses another at the top of the page.',
      buffer: 'Buffer',
      bufferHint:
        'This shop holds back so many units of every product, so that the last one is not sold twice. 0 is none.',
      holds: 'Large changes at once',
      holdOwn: 'Ask before the other shops hear of a large change in this shop',
      holdMembers: 'Ask before this shop follows a large change of another shop',
      holdFrom: 'From so many SKUs',
      holdHint:
        'Fewer are never a large change. Turn the questions off if a program changes the stock of many products every day. Sales always count.',
      alerts: 'Tell me when something needs me',
      alertsIntro:
        'The node tells when a shop is out of reach, when something is oversold, and when something is held for your decision.',
      webhook: 'Address of the webhook',
      webhookHint: 'Gets the message as JSON. Empty: no webhook.',
      webhookSecret: 'Key of the webhook’s signature',
      emailTo: 'E-mail to',
      emailFrom: 'E-mail from',
      smtp: 'SMTP server',
      smtpHint: 'As in smtps://user:password@mail.shop.example',
      minutes: 'Minutes out of reach before anybody is told',
      minutesHint: 'A short interruption mends itself.',
      quiet: 'Quiet hours',
      quietHint:
        'What happens in the quiet hours is told when they end, by e-mail and webhook alike. Leave the fields empty to be told at any hour.',
      quietFrom: 'From',
      quietTo: 'To',
      quietExempt: 'Tell at once all the same',
      quietExemptions: {
        none: 'Nothing',
        oversold: 'When something is oversold',
        fork: 'When a shop has two accounts or runs twice',
        'oversold-and-fork': 'Both',
      },
      secretKept: 'One is kept. Leave the field empty to keep it.',
      secretRemove: 'Delete the one that is kept',
      save: 'Save',
      saved: 'The settings are saved.',
      alertTest: 'Try the alerts',
      alertTestIntro: 'Sends a test message to wherever alerts are sent, by the settings that are saved.',
      alertTestDo: 'Send a test message',
      delivered: (target) =>
        target === 'webhook' ? 'The webhook took the message.' : 'The mail server took the message.',
      undelivered: (target, why) =>
        `${target === 'webhook' ? 'The webhook' : 'The mail server'} did not take the message. ${why}`,
      backup: 'Backup',
      backupIntro:
        'A copy of this node as it is now, for the command stockmesh restore. It holds the private key of the shop: keep it as safe as a password.',
      backupDo: 'Download a backup',
    },
    connection: {
      title: 'The connection to the shop',
      present: (platform, location) =>
        location === null
          ? `The node is beside: ${platform}.`
          : `The node is beside: ${platform}, with the stock of ${location}.`,
      exact: 'The connection is exact: each change is read one by one, and none is lost or counted twice.',
      bestEffort:
        'The shop keeps no list of changes, so they are found by comparing. A sale at the same moment as a correction may be seen late.',
      alsoWritten: (writers) => `Changes stock numbers in the shop too: ${writers}.`,
      fixed: 'The connection was chosen when the node was started, and is changed there.',
      fromEnvironment: 'comes from the environment of the node and is changed there.',
      platform: 'Platform',
      test: 'Try the connection',
      answers: (release) => `The shop answers: ${release}.`,
      sample: (name, sku, stock) =>
        `A product of it: ${name}, ${sku === null ? 'without a SKU' : `SKU ${sku}`}, ${stock === null ? 'stock not tracked' : `${format.number(stock)} in stock`}.`,
      noSample: 'The shop has no product yet.',
      mayWrite: 'The key may change stock.',
      mayNotWrite: 'The key may not change stock. Give it that right in the shop, then try again.',
      mayWriteUnknown: 'Whether the key may change stock shows at the first change.',
      location: 'Stock location',
      locationHint: 'The shop has several. The stock of the chosen one is shared with the other shops.',
      locationChoose: 'Choose a location',
      locationAll: 'All of the shop’s stock',
      writersAsk: 'What else changes stock numbers in the shop?',
      writersHint: 'A program that sets fixed numbers can write over a sale. Let one place alone rule the stock.',
      writers: {
        erp: 'An ERP',
        'supplier-feed': 'A feed of a supplier',
        'sync-app': 'An older sync app',
        other: 'Something else',
      },
      save: 'Use this shop',
      saved: 'The connection is saved, and the node uses it now.',
      health: 'The catalogue',
      healthIntro: 'Reads all products and finds those that cannot be synchronised, before they become a problem.',
      healthDo: 'Check the catalogue',
      healthRead: (products) => `${format.count(products, 'product or variant', 'products and variants')} read.`,
      healthGood: 'All of it can be synchronised.',
      faults: {
        'no-sku': 'Without a SKU',
        duplicate: 'With a SKU that others have',
        untracked: 'Without stock control',
        fraction: 'With a fraction of a unit',
        bundle: 'Bundles and sets',
        negative: 'Below zero',
        other: 'Not to be synchronised for other reasons',
      },
    },
    stockChange: {
      title: 'Correct the stock',
      count: 'Stock count',
      countIntro: 'What lies on the shelf becomes the stock in every shop.',
      counted: 'Counted on the shelf',
      unsent: 'Of these sold and not sent yet',
      unsentHint: 'They lie on the shelf and cannot be sold again.',
      countDo: 'Save the count',
      received: 'Received goods',
      receivedIntro: 'What came in is added to the stock in every shop.',
      quantity: 'Units received',
      note: 'Note',
      noteHint: 'Such as the number of the delivery; the log shows it.',
      receivedDo: 'Add to the stock',
      done: (from, to) =>
        from === null || to === null
          ? 'Saved.'
          : `Saved: the stock changed from ${format.number(from)} to ${format.number(to)}.`,
      unheard: (names) => `${names}: out of reach. What was sold there meanwhile is subtracted when it is back.`,
    },
    pause: {
      title: 'Pause this shop',
      intro:
        'While the shop is paused the node reads nothing from it and changes nothing in it, for example during an update. It stays in the network and can go on selling.',
      do: 'Pause',
      since: (at) => `This shop has been paused since ${at}.`,
      exact: 'When it is resumed, what happened in the shop meanwhile is counted one by one.',
      inexact: 'Choose what becomes of what was changed in the shop meanwhile.',
      look: 'See what was changed',
      largest: (shown, all) => `The ${format.number(shown)} largest of ${format.number(all)} are shown.`,
      differ: (skus, units) =>
        skus === 0
          ? 'Nothing was changed in the shop meanwhile.'
          : `${format.count(skus, 'SKU was', 'SKUs were')} changed, by ${format.count(units, 'unit', 'units')} together.`,
      resume: 'Resume',
      useNetwork: 'Resume with the network’s numbers',
      countIn: 'Resume and count the changes in',
      link: 'Look at the pause',
    },
    evict: {
      open: 'Remove …',
      title: (name) => `Remove ${name} from the network?`,
      stays: [
        'The shop no longer shares its stock with the others. This cannot be undone.',
        'It keeps the numbers it shows now, and can go on selling by itself.',
        'Everything it sold that the others know of is still counted.',
        'What it sold without the others having heard of it is not counted.',
        'To come back, it sends a new join request as a new shop.',
      ],
      do: 'Remove the shop',
    },
  }
}
