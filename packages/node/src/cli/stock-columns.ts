/** How SKUs are listed, wherever they are. */
import type { StockItem } from '@stockmesh/protocol'
import type { Column } from './table.ts'

export const stockColumns: readonly Column<StockItem>[] = [
  { title: 'SKU', cell: (item) => item.sku },
  { title: 'LEVEL', align: 'right', cell: (item) => item.level },
  { title: 'SHOWN', align: 'right', cell: (item) => item.shown },
  { title: 'SHOP', align: 'right', cell: (item) => item.shopLevel },
  { title: 'STATE', cell: (item) => item.state },
  { title: 'NAME', isFlexible: true, cell: (item) => item.name },
]
