/** The storefront and the shop's own admin page in English. */
import type { Format } from '../format.ts'
import type { ShopText } from '../shop-text.ts'

export { errors } from './errors.ts'

export function createText(format: Format): ShopText {
  return {
    loading: 'Loading …',
    search: 'Search',
    searchHint: 'Name or SKU',
    more: 'Show more',
    language: 'Language',
    demoHint:
      'This is a shop for trying things out: an order here is a real order in its stock, but nothing is paid or sent.',
    welcome: 'Welcome',
    noSku: 'no SKU',
    noName: 'No name',
    quantity: 'Quantity',
    buy: 'Buy',
    add: 'Add to basket',
    basket: 'Basket',
    basketEmpty: 'The basket is empty.',
    order: 'Order',
    remove: 'Remove',
    soldOut: 'Sold out',
    inStockUntracked: 'In stock',
    inStockAfter: 'in stock',
    empty: 'This shop has no products yet.',
    emptySearch: 'No products fit your search.',
    signInHere: 'This shop is open to those who are signed in.',
    nodeAdmin: 'Sign in on the admin pages',
    node: 'Node',
    untracked: 'not tracked',
    storefront: 'Storefront',
    admin: 'Shop admin',
    adminIntro: 'The shop’s own products and orders, as a shop platform has them.',
    key: 'Shop key',
    keyHint: 'The key the shop was started with (STOCKMESH_SHOP_KEY).',
    signIn: 'Sign in',
    signOut: 'Sign out',
    all: 'All products',
    duplicates: 'With duplicate model/SKU',
    duplicatesHelp:
      'These products share their SKU with another. Give each its own; the list must be empty before they can be synchronised.',
    duplicatesNone: 'No duplicates: every SKU belongs to one product.',
    create: 'New product',
    sku: 'SKU',
    name: 'Name',
    stock: 'Stock',
    stockHint: 'Empty means that stock is not tracked.',
    variants: 'Variants',
    addVariant: 'Add variant',
    save: 'Save',
    cancel: 'Cancel',
    delete: 'Delete',
    deleteIntro: 'The product leaves this shop. Other shops keep theirs.',
    edit: 'Edit',
    actions: 'Actions',
    orders: 'Latest orders',
    ordersNone: 'No orders yet.',
    cancelOrder: 'Cancel order',
    cancelled: 'Cancelled',
    saved: 'Saved',
    products: 'Products',
    inStock: (count) => `${format.number(count)} in stock`,
    ordered: (id) => `Thank you. Order ${id} is placed.`,
    lines: (count) => format.count(count, 'unit', 'units'),
    deleteTitle: (name) => `Delete ${name}?`,
    variantOf: (name) => `Variant of ${name}`,
    stockNow: (count) => `The stock is now ${count}.`,
    total: (count) => format.count(count, 'product', 'products'),
    orderCancelled: (id, skipped) =>
      skipped === 0
        ? `Order ${id} is cancelled and its units are back in stock.`
        : `Order ${id} is cancelled. ${format.count(skipped, 'line was', 'lines were')} skipped because the product no longer exists.`,
  }
}
