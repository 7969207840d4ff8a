/** The lists of the admin pages in English: products, problems and the log. */
import type { AdminText } from '../admin-text.ts'
import type { Format } from '../format.ts'

export function lists(format: Format): Pick<AdminText, 'products' | 'problems' | 'log'> {
  return {
    products: {
      searchHint: 'SKU or name',
      state: 'State',
      sort: 'Sort by',
      sorts: {
        sku: 'SKU',
        name: 'Name',
        level: 'Lowest stock',
        '-level': 'Highest stock',
        '-updatedAt': 'Last changed',
      },
      sku: 'SKU',
      name: 'Name',
      level: 'Stock',
      shownHere: 'Shown here',
      shopHas: 'Shop reports',
      updated: 'Changed',
      empty: 'No products yet. They appear once the shop has been imported.',
      emptySearch: 'No products fit. Try another search or another state.',
      states: {
        'left-out': 'Left out',
        duplicate: 'Duplicate SKU',
        held: 'Held',
        untracked: 'Not tracked',
        'not-here': 'Not in this shop',
        'only-here': 'Only in this shop',
        oversold: 'Oversold',
        waiting: 'On the way',
        synced: 'In step',
      },
      stateHelp: {
        'left-out': 'The product is left out of the sync in this shop. Nothing is counted, and nothing is written.',
        duplicate: 'Several products in this shop have this SKU. It is left out until each has its own.',
        held: 'A difference waits for your decision under Problems. Sales are still counted.',
        untracked: 'This shop does not keep stock for the product, so nothing is written to it.',
        'not-here': 'Other shops sell it; this shop does not have the SKU.',
        'only-here': 'No other shop has the SKU. It is linked by itself once one does.',
        oversold: 'More were sold than there were. Shops show 0.',
        waiting: 'The number is being written to the shop.',
        synced: 'This shop shows the number of the network.',
      },
      explained: 'The number explained',
      start: 'Started at',
      startBy: (shop, at) => `${shop}, ${at}`,
      added: 'Added',
      removed: 'Removed',
      sum: 'Stock now',
      noBaseline: 'The network has no number for this SKU yet.',
      ownRows: 'In this shop',
      noOwnRows: 'This shop has no product with this SKU.',
      otherShops: 'In every shop',
      noAnswer: 'no answer right now',
      notListed: 'does not have it',
      movements: 'What happened',
      noMovements: 'Nothing has happened since the start.',
      showInLog: 'Show in the log',
      openInShop: 'Open in the shop',
      noLevelYet: () => 'no number',
    },
    problems: {
      intro: 'What only a person can decide. Everything else goes on meanwhile.',
      none: 'No problems',
      noneHint: 'When something needs you, it is listed here with the button that solves it.',
      titles: {
        duplicate: 'With duplicate model/SKU',
        held: 'Held for your decision',
        rollback: 'The shop’s numbers jumped back',
        'counted-together': 'Counted at the same time',
        oversold: 'Oversold',
        fraction: 'Not a whole number',
        'import-row': 'Row that could not be imported',
        'shop-copied': 'This shop is a copy',
        'shop-unreachable': 'The shop does not answer',
        unwritable: 'The shop refused the new number',
        unclear: 'Nobody knows what moved',
        'paused-diff': 'Changed while the shop was paused',
        'key-rejected': 'The shop refused the key',
        clock: 'A clock is wrong',
        fork: 'Two accounts of a shop’s sales',
        clone: 'A shop seems to run twice',
        'bad-peer': 'A shop sends what cannot be right',
        damaged: 'Damaged on the disk',
        doubt: 'In doubt after a restore',
        'alert-failed': 'An alert could not be delivered',
      },
      explain(kind, count) {
        switch (kind) {
          case 'duplicate':
            return `${format.count(count, 'product has', 'products have')} this SKU in this shop, so the node cannot know which one is meant. Give each its own SKU in the shop; the card then goes away by itself.`
          case 'held':
            return `${format.count(count, 'SKU differs', 'SKUs differ')} without an order that explains it. Sales are still counted while it waits.`
          case 'rollback':
            return `${format.count(count, 'SKU looks', 'SKUs look')} as if an old backup of the shop was restored. Nothing was passed on to the other shops.`
          case 'counted-together':
            return 'Two shops typed a new number while they could not see each other. Both changes were counted, so they add up. Check the shelf and correct one of them.'
          case 'oversold':
            return `${format.count(count, 'unit was', 'units were')} sold more than there were, because shops sold the last ones at the same time. Shops show 0; contact the buyers or restock.`
          case 'fraction':
            return 'The shop reports a stock that is not a whole number. Correct it in the shop; the card then goes away by itself.'
          case 'import-row':
            return `${format.count(count, 'row', 'rows')} could not be imported. Correct it in the shop and try again.`
          case 'shop-unreachable':
            return 'The node cannot reach the shop. The shop goes on selling, and everything is counted when it answers again.'
          case 'shop-copied':
            return 'This shop is a copy of another one, with its files and its database, so that nothing is read or written. If it is to be a shop of its own, or the shop has moved, its administrator says so in the shop. Everything then goes on.'
          case 'unwritable':
            return 'The shop did not take the new number. See why in the shop, then try again.'
          case 'unclear':
            return 'The stock moved in the shop just as the node changed the number, and nothing tells by how much. The number may be wrong by some units. Count the product on the shelf; the card then goes away by itself.'
          case 'paused-diff':
            return `${format.count(count, 'SKU was', 'SKUs were')} changed in the shop while it was paused. Sales are still counted while you decide.`
          case 'key-rejected':
            return 'The shop no longer accepts the node’s key. Give the node a new one; what was sold meanwhile is counted then.'
          case 'clock':
            return 'The clocks of this shop’s machine and another one’s differ by more than five minutes. The numbers are right, but the times in the log are not. Set the clock.'
          case 'fork':
            return 'There are two accounts of what a shop bought and sold, as when its folder was put back to an old copy. Of each SKU the larger number counts, alike in every shop; what only the other account knew may be missing. Make sure that the node runs in one place only, and count the SKUs on the list.'
          case 'clone':
            return 'The node of a shop runs in two places, as when its folder was copied, or it was restored from an old copy. Make sure that it runs in one place only: stop the one that is not wanted. The one that was started first touches nothing meanwhile.'
          case 'bad-peer':
            return 'The node of another shop sent changes that do not fit what it said of them, or more than there can be. Nothing of it was taken, and all else goes on. Update its node. If it goes on, remove the shop from the network.'
          case 'damaged':
            return 'Stock records on the node’s disk were damaged. They are fetched again from the other shops by themselves; until then those SKUs are left alone in the shop. Are the other shops online, and the card stays? Then restore the node from a backup.'
          case 'doubt':
            return 'This node was restored from a backup, and no other shop could tell it what it did since. It runs on; as soon as another shop is online, the numbers are put right.'
          case 'alert-failed':
            return 'An alert was not taken by the webhook or the mail server. It is tried again by itself. Check the settings of the alerts, and send a test.'
        }
      },
      massChange: (count) =>
        `${format.count(count, 'SKU was', 'SKUs were')} changed at once without an order that explains it. The other shops were not told, and sales are still counted. If you approve, every shop shows the new numbers; otherwise this shop gets the network’s numbers back.`,
      memberMassChange: (shop, count) =>
        `${shop} changed ${format.count(count, 'SKU', 'SKUs')} at once, and no order explains it. This shop goes on with the numbers of before, and sales go on counting. Undo it, and every shop gets the numbers of before; approve it, and this shop follows.`,
      goToZero: (count) => `${format.number(count)} of them would go to zero.`,
      heldRow:
        'The shop reports something that cannot be synchronised. Correct it in the shop; the card then goes away by itself.',
      bundleRow:
        'This is a bundle, which sells the stock of other products. Those are synchronised; the bundle itself is left out, and nothing has to be done.',
      countIt: 'Count this SKU',
      differBy: (units) => `Together they differ by ${format.count(units, 'unit', 'units')}.`,
      orders: 'The orders that collided',
      decisionsTitle: 'Waiting for your decision',
      duplicateTitle: 'With duplicate model/SKU',
      duplicateHelp: 'This list must be empty before these products can be synchronised. All others already are.',
      colliding: 'Products with this SKU',
      actions: {
        'use-network': 'Use the network’s numbers',
        'count-in': 'Count the difference in',
        approve: 'Approve the change',
        undo: 'Undo for all shops',
        'count-once': 'Count once',
        retry: 'Try again',
        dismiss: 'Dismiss',
      },
      confirmTitle: 'Are you sure?',
      confirmIntro: 'This changes stock numbers and cannot be taken back with a button.',
      since: (at) => `Since ${at}`,
      showItems: (count) => `Show ${format.count(count, 'product', 'products')}`,
      hideItems: 'Hide products',
    },
    log: {
      time: 'Time',
      shop: 'Shop',
      change: 'Change',
      after: 'Stock after',
      cause: 'Cause',
      reference: 'Order/reference',
      result: 'Result',
      empty: 'No lines fit.',
      causes: {
        sale: 'Sale',
        cancel: 'Cancelled order',
        return: 'Return',
        manual: 'Manual change',
        'stock-count': 'Stock count',
        received: 'Goods received',
        created: 'Created',
        import: 'Import',
        repair: 'Repair',
        undo: 'Undo',
        'catch-up': 'Counted afterwards',
        unknown: 'Unknown',
      },
      events: {
        founded: 'Network started',
        joined: 'Shop joined',
        left: 'Shop left',
        removed: 'Shop removed',
        'left-out': 'Left out of the sync',
        'stopped-all': 'Everything stopped',
        'resumed-all': 'Everything goes on',
        'taken-in': 'Taken in again',
        restored: 'Restored from a backup',
        refused: 'Request refused',
        held: 'Held',
        'problem-solved': 'Problem solved',
      },
      results: {
        counted: 'Counted',
        baseline: 'Starting number',
        'in-step': 'With what the other shops know',
        alone: 'Without the other shops',
        'later-count-stands': 'A later count stands',
        'left-out-not-counted': 'Not counted: left out',
        'withheld-here': 'Held back in this shop',
        'held-not-counted': 'Not counted: waits for your decision',
        'duplicate-not-counted': 'Not counted: duplicate SKU',
        held: 'Held',
        refused: 'Refused',
        failed: 'Failed',
        'import-cancelled': 'The import was cancelled',
        'import-undone': 'The import was undone',
        'member-undone': 'A shop’s changes were undone',
      },
      replaced: (from, to) => `${format.number(from)} replaced by ${format.number(to)}`,
      imported: (products) => format.count(products, 'product', 'products'),
      typed: (stock) => `set to ${format.number(stock)}`,
    },
  }
}
