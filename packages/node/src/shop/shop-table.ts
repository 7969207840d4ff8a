/**
 * The tables of the shop's database: their bytes in the key, and values as JSON, which also carries halves of
 * characters that a real shop may hold. Ids are numbers in keys, so that they sort as they were made.
 */
import { assert, type FeedRow } from '@stockmesh/protocol'
import { encodeKey } from '../storage/key.ts'
import type { Product } from './catalogue.ts'

export const tables = {
  meta: 0,
  product: 1,
  stock: 2,
  feed: 3,
  order: 4,
  operation: 5,
  receipt: 6,
  receiptByTime: 7,
} as const

/** The format of the whole database; another one is refused at the opening. */
export const shopFormat = 1

export interface ShopMeta {
  readonly format: number
  /** 4 random bytes in hex: tells shops on one host apart. */
  readonly shopId: string
}

/** The last number given out; ids are never used again, not even those of what was deleted. */
export interface Counters {
  readonly product: number
  readonly stock: number
  readonly order: number
}

export interface AttachmentRecord {
  readonly network: string
  readonly node: string
  readonly epoch: string
  readonly start: number
}

/** A stock row without its products, which name their stock row themselves. */
export interface StockRecord {
  readonly stock: number | null
  readonly version: number
  readonly createdAt: number
  readonly pool: string | null
}

/** An adjustment that was applied, by its operation id. */
export interface OperationRecord {
  readonly stock: number
  readonly feedId: number
}

export type ProductRecord = Omit<Product, 'id'>
export type FeedRecord = Omit<FeedRow, 'id'>

/** The answer that was given under an Idempotency-Key. */
export interface ReceiptRecord {
  readonly hash: string
  readonly status: number
  readonly body: unknown
  readonly at: number
}

export const keys = {
  meta: (): Uint8Array => encodeKey(tables.meta, 'shop'),
  counters: (): Uint8Array => encodeKey(tables.meta, 'counters'),
  attachment: (): Uint8Array => encodeKey(tables.meta, 'attachment'),
  product: (id: string): Uint8Array => encodeKey(tables.product, numberOfId(id)),
  stock: (id: string): Uint8Array => encodeKey(tables.stock, numberOfId(id)),
  feed: (id: number): Uint8Array => encodeKey(tables.feed, id),
  order: (id: string): Uint8Array => encodeKey(tables.order, numberOfId(id)),
  operation: (opId: string): Uint8Array => encodeKey(tables.operation, opId),
  receipt: (key: string): Uint8Array => encodeKey(tables.receipt, key),
  receiptByTime: (at: number, key: string): Uint8Array => encodeKey(tables.receiptByTime, at, key),
} as const

const idDigits = 8

/** Eight digits, so that ids sort as text in the order in which they were made. */
export function idOfNumber(number: number): string {
  const id = String(number).padStart(idDigits, '0')
  assert(id.length === idDigits, 'a shop makes fewer than a hundred million ids')
  return id
}

/** Whether a text from outside can be an id at all. */
export function isId(text: string): boolean {
  return /^\d{8}$/.test(text)
}

function numberOfId(id: string): number {
  assert(isId(id), 'an id has eight digits')
  return Number(id)
}
