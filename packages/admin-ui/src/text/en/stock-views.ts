/** What happened to stock, in English. */
import type { Format } from '../format.ts'
import type { StockViewsTexts } from '../stock-views-text.ts'

export function stockViews(format: Format): StockViewsTexts {
  const pieces = (units: number): string => format.count(units, 'unit', 'units')
  const lines = (count: number): string => format.count(count, 'SKU', 'SKUs')
  return {
    oversoldPage: {
      title: 'Oversold products',
      intro:
        'More were sold here than there were, because shops sold the last ones almost at once. Shops show 0 meanwhile.',
      none: 'Nothing is oversold.',
      missing: (units) => `${pieces(units)} missing`,
      between: (duration, orders) =>
        orders === 2 ? `The two orders came ${duration} apart.` : `The orders came within ${duration}.`,
      noOrders: 'No order explains it: the number was lowered in another way. See the log of the product.',
      write: (units) => `Write to the buyer: ${pieces(units)} missing`,
      send: 'Send as always',
      solve:
        'Restock, or cancel one of the orders in its shop. Once the stock is 0 or more, the product goes from here by itself.',
      restock: 'Receive or count the product',
    },
    charts: {
      course: 'The last 30 days',
      courseOf: (sku) => `Stock of ${sku} in the last 30 days`,
      courseNone: 'Nothing has happened yet that could be drawn.',
      courseFrom: (day) => `Known since ${day}`,
      table: 'Show the numbers',
      day: 'Day',
      endOfDay: 'At the end of the day',
      activity: 'Changes hour by hour',
      activityNone: 'No changes in the last 24 hours.',
      changes: (count) => format.count(count, 'change', 'changes'),
      hour: 'Hour',
      now: 'now',
      hoursAgo: (hours) => `${format.count(hours, 'hour', 'hours')} ago`,
    },
    stockList: {
      open: 'Count and receive',
      title: 'Stock count and received goods',
      kind: 'What do you want to do?',
      kinds: { count: 'Stock count', received: 'Received goods' },
      countIntro: 'Write what lies on the shelf. It becomes the new stock in every shop.',
      receivedIntro: 'Write what came in. It is added to the stock in every shop.',
      lines: 'SKU and quantity',
      linesHint: {
        count:
          'One product a line: SKU, quantity, and where needed how many of them are sold and not sent. Copy from a spreadsheet, or separate with semicolons.',
        received: 'One product a line: SKU and quantity. Copy from a spreadsheet, or separate with semicolons.',
      },
      file: 'Or choose a CSV file',
      begun: 'When did you begin to count?',
      begunHint: 'What was sold since is taken off. Empty means now.',
      preview: 'See the differences',
      unread: (numbers) => `Line ${numbers} cannot be read. Write a SKU and a whole number.`,
      empty: 'Write at least one line with SKU and quantity.',
      summary: (count, units) => `${lines(count)}, a difference of ${pieces(units)}. Nothing is saved yet.`,
      refused: (count) => `${lines(count)} cannot be used and are skipped.`,
      before: 'Now',
      after: 'Becomes',
      difference: 'Difference',
      save: { count: 'Save the stock count', received: 'Add all to the stock' },
      saved: (count, units) => `Saved: ${lines(count)}, a difference of ${pieces(units)}.`,
    },
  }
}
