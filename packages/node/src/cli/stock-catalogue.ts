/**
 * The commands about the stock.
 */
import { limits } from '@stockmesh/protocol'
import { z } from 'zod'
import { bufferUnitsMax } from '../http/limits.ts'
import { clientCommand, type Command, optional, required } from './client-command.ts'
import { numberFrom } from './settings.ts'

const ownBuffer = z.union([z.literal('none'), numberFrom(0, bufferUnitsMax)], 'must be a whole number, or none')

export const stockCommands: readonly Command[] = [
  clientCommand({
    name: 'stock',
    group: 'Stock',
    summary: 'List the stock, or explain the number of one SKU.',
    example: 'stock ABC-29',
    arguments: [optional('SKU')],
    load: async () => (await import('./look-commands.ts')).stock,
  }),
  clientCommand({
    name: 'count',
    group: 'Stock',
    summary: 'Enter what lies on the shelf: of one SKU, or of a file of them.',
    notes: [
      'The file is CSV with the columns sku and quantity, with or without a head, and with ; or , between them.',
      'A head may also name unsent: units sold and not yet sent.',
    ],
    example: 'count ABC-29 12, or: stockmesh count --file counts.csv --dry-run',
    arguments: [optional('SKU'), { name: 'N', required: false, schema: numberFrom(0, limits.stockUnitsMax) }],
    settings: ['file', 'dry-run', 'as-of', 'unsent'],
    check: ({ file, unsent }, [sku, quantity]) => {
      if (file === null) return sku === undefined || quantity === undefined ? ['SKU and N are missing, or --file.'] : []
      const both = sku === undefined ? [] : ['SKU and --file do not go together.']
      return unsent === null ? both : [...both, '--unsent is for one SKU; in a file it is a column.']
    },
    load: async () => (await import('./count-commands.ts')).count,
  }),
  clientCommand({
    name: 'receive',
    group: 'Stock',
    summary: 'Add goods that have come: of one SKU, or of a file of them.',
    notes: ['The file is as for count: stockmesh count --help. A hyphen reads what is piped in.'],
    example: 'receive ABC-29 24 --note "Delivery 1042"',
    arguments: [required('SKU or FILE'), { name: 'N', required: false, schema: numberFrom(1, limits.stockUnitsMax) }],
    settings: ['note', 'dry-run'],
    load: async () => (await import('./count-commands.ts')).receive,
  }),
  clientCommand({
    name: 'buffer',
    group: 'Stock',
    summary: 'Hold back units of one SKU in this shop, or list the SKUs that have a choice.',
    notes: ['"none" lets the buffer of the shop hold again: stockmesh settings buffer 2'],
    example: 'buffer ABC-29 3',
    arguments: [optional('SKU'), { name: 'N', required: false, schema: ownBuffer }],
    load: async () => (await import('./choice-commands.ts')).buffer,
  }),
  clientCommand({
    name: 'leave-out',
    group: 'Stock',
    summary: 'Leave a SKU out of the sync in this shop: nothing of it is counted or written here.',
    example: 'leave-out ABC-29',
    arguments: [required('SKU')],
    load: async () => (await import('./choice-commands.ts')).leaveOut,
  }),
  clientCommand({
    name: 'take-in',
    group: 'Stock',
    summary: 'Take a left-out SKU in again, with the number of the network unless said otherwise.',
    example: 'take-in ABC-29 --differences network',
    arguments: [required('SKU')],
    settings: ['differences'],
    load: async () => (await import('./choice-commands.ts')).takeIn,
  }),
]
