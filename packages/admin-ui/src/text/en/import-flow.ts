/** What an import will do, taking it back, and undoing what a shop did, in English. */
import type { Format } from '../format.ts'
import type { ImportFlowText } from '../import-text.ts'

export function importFlow(format: Format): ImportFlowText {
  return {
    preview: {
      title: 'What will happen',
      nothingYet: 'Nothing has been written to the shop yet.',
      differ: (skus, units) =>
        `${format.count(skus, 'product gets', 'products get')} a new number, ${format.number(units)} units in all.`,
      noneDiffer: 'No product gets a new number.',
      toZero: (skus) => `${format.count(skus, 'product goes', 'products go')} to 0.`,
      onlyHere: (skus) =>
        `${format.count(skus, 'product is', 'products are')} in this shop only, and ${skus === 1 ? 'keeps its' : 'keep their'} number.`,
      onlyNetwork: (skus) =>
        `${format.count(skus, 'product is', 'products are')} in other shops only, and ${skus === 1 ? 'does' : 'do'} not concern this one.`,
      largest: 'The largest changes first',
      change: (from, to) => `From ${format.number(from)} to ${format.number(to)}`,
    },
    importPause: {
      pause: 'Pause the import',
      resume: 'Go on with the import',
      held: 'The import is paused. What the shop sells is counted all the same.',
      shopPaused: 'The shop is paused, so the import waits. End the pause first.',
      cancelling: 'The import was cancelled. The shop is getting its old numbers again.',
      cancel: 'Cancel the import …',
      cancelTitle: 'Cancel the import?',
      cancelStays: [
        'The shop gets the numbers again that it had before the import.',
        'What the shop itself has sold or received since still counts.',
        'You can start the import again afterwards.',
      ],
      cancelDo: 'Cancel the import',
    },
    undo: {
      title: 'Undo the import',
      until: (at) => `Until ${at} you can undo what the import changed in this shop.`,
      open: 'Undo the import …',
      confirmTitle: 'Undo the import?',
      stays: [
        'The shop is paused and gets its own numbers from before the import again.',
        'What the shop itself has sold or received since still counts.',
        'The other shops notice nothing: their numbers stay as they are.',
        'When you resume the shop, it takes the network’s numbers again.',
      ],
      do: 'Undo the import',
      running: 'The import is being undone. The shop is paused meanwhile.',
      done: 'The shop has its own numbers again and is paused. Resume it, and it takes the network’s numbers. If this shop’s numbers were the right ones, use them in every shop first, with the button below.',
      refused: (skus) =>
        `The shop refused the change of ${format.count(skus, 'product', 'products')}. See why in the shop.`,
      useOpen: 'Use this shop’s numbers …',
      useTitle: 'Use this shop’s numbers in every shop?',
      useStays: [
        'Every shop gets the numbers that this shop had before the import.',
        'All that the shops have sold and received since is counted in.',
        'Products that the import did not touch keep their numbers.',
      ],
      useDo: 'Use this shop’s numbers',
      used: (skus, units) =>
        skus === 0
          ? 'Every shop had this shop’s numbers already.'
          : `${format.count(skus, 'product has', 'products have')} this shop’s number now, ${format.number(units)} units changed in all.`,
    },
    memberUndo: {
      open: 'Undo changes …',
      title: (name) => `Undo what ${name} did?`,
      stays: [
        'The stock becomes what it would be if the shop had sold and changed nothing since then.',
        'What the other shops have sold stays.',
        'What the shop sells from now on counts as ever.',
        'Undoing it twice makes no difference.',
      ],
      since: 'Since',
      sinceHint: 'When it began to go wrong.',
      look: 'Show what will happen',
      would: (skus, units) =>
        skus === 0
          ? 'There is nothing to undo since then.'
          : `${format.count(skus, 'product gets', 'products get')} a new number, ${format.number(units)} units in all.`,
      unclear: (skus) =>
        `Of ${format.count(skus, 'product', 'products')} it is not known yet when something happened. They are left alone; try again later.`,
      withEvict: 'Remove the shop from the network as well',
      do: 'Undo',
      done: (skus, units) =>
        `${format.count(skus, 'product is', 'products are')} put right, ${format.number(units)} units in all. The other shops follow.`,
    },
  }
}
