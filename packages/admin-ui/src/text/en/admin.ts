/** The admin pages in English. */
import type { AdminText, SentenceText } from '../admin-text.ts'
import type { Format } from '../format.ts'
import { access } from './access.ts'
import { choices } from './choices.ts'
import { forms } from './forms.ts'
import { guard } from './guard.ts'
import { importFlow } from './import-flow.ts'
import { lists } from './lists.ts'
import { platforms } from './platforms.ts'
import { stockViews } from './stock-views.ts'

export { errors } from './errors.ts'

function sentences(format: Format): SentenceText {
  const changes = (count: number): string => format.count(count, 'change', 'changes')
  return {
    inStep: 'Everything is in step.',
    alone: 'This shop is ready and still the only one in its network.',
    unconnected: 'This shop is not connected to any other yet.',
    evicted:
      'This shop was removed from the network by another shop. Its numbers stay as they are. Leave the network; then it can join again as a new shop.',
    comparing: 'The shops are comparing their numbers.',
    restInStep: 'Everything else is in step.',
    paused: 'The import is paused.',
    importFailed: 'The import stopped before it was done.',
    importReady: 'The import is ready to be started.',
    joinSent: (address) => `The join request to ${address} is sent and has not been answered yet.`,
    joinSeen: (address) => `${address} has received the join request and must accept it.`,
    joinAccepted: 'The join request is accepted.',
    importing: (done, total) => `The import is running: ${format.number(done)} of ${format.number(total)}.`,
    listing: (done) => `The shop’s products are being read: ${format.number(done)} so far.`,
    stoppedAll: 'Everything is stopped: no shop is written to until somebody lets everything go on.',
    shopPaused: 'This shop is paused: nothing is read from it or changed in it until it is resumed.',
    shopUnreachable: (since) =>
      since === null
        ? 'The node cannot reach your shop.'
        : `The node has not been able to reach your shop since ${since}.`,
    memberAway: (name, since) =>
      since === null ? `${name} has not been in contact yet.` : `${name} has been out of reach since ${since}.`,
    membersAway: (names) => `${names} are out of reach.`,
    problems: (count) => `${format.count(count, 'problem needs', 'problems need')} your attention.`,
    oversold: (count) => `${format.count(count, 'product is', 'products are')} oversold.`,
    waiting: (count) => `${changes(count)} on the way.`,
    facts: (shops, skus, lastChange) =>
      `${format.count(shops, 'shop', 'shops')}, ${format.count(skus, 'product', 'products')}, ${
        lastChange === null ? 'no changes yet' : `last change ${lastChange}`
      }.`,
  }
}

export function createText(format: Format): AdminText {
  return {
    ...lists(format),
    ...forms(format),
    ...access(),
    ...choices(format),
    ...guard(format),
    ...stockViews(format),
    ...importFlow(format),
    platforms,
    nav: {
      overview: 'Overview',
      products: 'Products',
      problems: 'Problems',
      log: 'Log',
      shops: 'Shops',
      settings: 'Settings',
    },
    common: {
      loading: 'Loading …',
      cancel: 'Cancel',
      close: 'Close',
      more: 'Show more',
      previous: 'Show previous',
      search: 'Search',
      all: 'All',
      none: 'None',
      language: 'Language',
      signOut: 'Sign out',
      viewer: 'You have read access: you see everything, and only an admin can change it.',
      skip: 'Skip to content',
      tryAgain: 'Try again',
      never: 'never',
      noName: 'No name',
      noSku: 'no SKU',
      unknownShop: 'Former shop',
      storefront: 'Storefront',
      csv: 'Download as CSV',
      csvPlain: 'CSV for programs',
      goesOn:
        'If this node stops, your shop goes on selling. What it sells meanwhile is counted when the node is back.',
      rows: (first, last, total) => `${format.number(first)}–${format.number(last)} of ${format.number(total)}`,
    },
    entry: {
      setupTitle: 'Set up this node',
      setupIntro:
        'The node is the program that keeps your shop’s stock in step with the others. This takes a minute; afterwards you choose which shops share their stock.',
      token: 'Set-up token',
      tokenHint: 'It stands in the window where the node was started.',
      shopName: 'Name of the shop',
      shopNameHint: 'The other shops see this name.',
      password: 'Choose a password',
      passwordHint: 'At least 10 characters.',
      passwordShow: 'Show the password',
      setupDo: 'Set up',
      signInTitle: 'Sign in',
      signInPassword: 'Password',
      signInDo: 'Sign in',
    },
    sentence: sentences(format),
    overview: {
      nextStep: 'Next step',
      stepShop: '1. The shop',
      stepShopHint: 'Is this not your shop? Then choose its platform and enter its key.',
      stepShopOpen: 'Choose platform and key',
      stepStart: '2. Is this the first shop, or do others share their stock already?',
      firstTitle: 'This is the first shop',
      firstIntro:
        'The network starts with the stock of this shop. Nothing is changed in the shop; its products are only read.',
      firstDo: 'Import',
      otherTitle: 'Join another shop',
      otherIntro:
        'Send a join request to a shop that already shares its stock. This shop then shows the same numbers as that one.',
      inviteTitle: 'Connect the next shop',
      inviteIntro: (url) =>
        `Open the admin pages of the other shop’s node and send a join request to ${url}. It shows up here.`,
      shops: 'Shops',
      latestLogs: 'Latest logs',
      allLog: 'The whole log',
      noLog: 'Nothing has changed yet. The first sale or correction shows up here at once.',
      problemsLink: (count) => (count === 1 ? 'Look at the problem' : 'Look at the problems'),
      oversoldLink: 'Show oversold products',
    },
    join: {
      address: 'Address of the other shop',
      addressHint: 'A domain or an address, such as shop.example or 127.0.0.1:7401.',
      send: 'Send join request to store',
      title: 'Join request',
      codeLabel: 'Code',
      codeHint: 'The other shop sees the same code. Compare them before it accepts.',
      withdraw: 'Cancel the request',
      again: 'Send a new request',
      states: { sent: 'Sent', seen: 'Received', accepted: 'Accepted', refused: 'Refused', expired: 'Expired' },
      advice: {
        sent: 'The other node has not answered yet. That is fine; the request is sent again until it does.',
        seen: 'Ask the other shop to open its admin pages and accept the request.',
        accepted: 'The other shop has accepted. Now import, so that this shop gets the numbers of the network.',
        refused: 'The other shop said no. Talk to it, then send a new request.',
        expired: 'Nobody answered within seven days. Send a new request when the other shop is ready.',
      },
      expires: (at) => `The request is open until ${at}.`,
    },
    import: {
      title: 'Import',
      do: 'Import',
      readyIntro:
        'Products with the same SKU get the network’s number in this shop. Products that the network does not know bring their own. Names and texts are never changed.',
      again: 'Start the import again',
      states: {
        idle: 'Not started',
        listing: 'Reading the shop’s products',
        ready: 'Ready to start',
        running: 'Running',
        paused: 'Paused',
        done: 'Done',
        failed: 'Stopped',
      },
      progress: (done, total) => `${format.number(done)} of ${format.number(total)}`,
      rate: (perSecond) => `${format.number(Math.round(perSecond))} per second`,
      left: (duration) => `about ${duration} left`,
      failed: (count) => `${format.count(count, 'row', 'rows')} could not be imported`,
      finished: (at) => `done ${at}`,
    },
    requests: {
      title: 'Join requests',
      none: 'No open join requests.',
      code: 'Code',
      accept: 'Accept',
      refuse: 'Refuse',
      waitingCode: 'The code is on its way',
      confirmTitle: (name) => `Does ${name} show the same code?`,
      confirmIntro:
        'Ask the other shop to read its code aloud. Accept only if it is exactly this one; then the shops share one stock.',
      confirmDo: 'The codes are equal: accept',
      confirmNot: 'Not now',
      refuseTitle: (name) => `Refuse ${name}?`,
      refuseIntro: 'The shop is told, and may send a new request later.',
    },
    shops: {
      members: 'Shops in the network',
      alone: 'This shop is not in a network yet.',
      self: 'This shop',
      online: 'Online',
      offline: 'Out of reach',
      offlineSince: (at) => `Out of reach since ${at}`,
      neverSeen: 'Not in contact yet',
      lastContact: (at) => `Last contact ${at}`,
      caughtUp: 'Has all changes',
      behind: (count) => `${format.count(count, 'change', 'changes')} behind`,
      neverHeard: 'Not heard from yet',
      ownShop: 'The shop itself',
      shopStates: {
        connecting: 'Connecting',
        connected: 'Connected',
        unreachable: 'Does not answer',
        paused: 'Paused',
        idle: 'Not in use yet',
      },
      promises: {
        exact: 'Exact: every change is counted once, also over restarts.',
        'best-effort': 'Best effort: a sale in the very moment of an adjustment may need your eye.',
      },
      openStorefront: 'Storefront',
      release: (release) => `Stockmesh ${release}`,
      clockAhead: (duration) => `Its clock is ${duration} ahead`,
      clockBehind: (duration) => `Its clock is ${duration} behind`,
      importing: (done, total) => `Importing: ${format.number(done)} of ${format.number(total)}`,
      theirShop: (state) => `The shop itself: ${state}`,
      joinTitle: 'Join another shop',
      joinLater: 'This shop is already in a network with others. Disconnect it before it joins another one.',
      leaveTitle: 'Disconnect this shop',
      leaveIntro: 'The shop stops sharing its stock. The numbers it shows now remain.',
      leaveDo: 'Disconnect …',
      leaveConfirmTitle: 'Disconnect this shop from the network?',
      leaveStays: [
        'The shop keeps the numbers it shows now, and goes on selling.',
        'The other shops keep theirs, and stay connected to each other.',
        'Sales here no longer change their stock, and theirs not yours.',
        'To come back, the shop sends a new join request.',
      ],
      leaveConfirmDo: 'Disconnect',
    },
    live: {
      live: 'Live',
      polling: 'Updated every 5 seconds',
      reconnecting: 'Reconnecting …',
      stale: (since) => `Numbers from ${since}; no contact with the node`,
    },
  }
}
