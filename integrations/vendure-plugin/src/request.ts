/** What a node may send, read once at the edge. Errors: 400 with `query-invalid` or `body-invalid`. */
import { HttpException } from '@nestjs/common'
import type { Operation } from './adjustments'
import type { FeedQuery } from './ledger'
import type { Location } from './location'
import { adjustmentsMax, feedWaitMsMax, pageItemsMax, unitsMax } from './options'

type Loose = Readonly<Record<string, unknown>>

export function failure(status: number, code: string, message: string): HttpException {
  return new HttpException({ error: { code, message } }, status)
}

export function parseListQuery(query: Loose): { after: string | null; limit: number } {
  const after = query['after'] === undefined ? null : textOf(query['after'], 64, 'after')
  return { after, limit: Math.min(numberOf(query['limit'] ?? 100, 'limit'), pageItemsMax) || 1 }
}

export function parseFeedQuery(query: Loose): FeedQuery {
  const tag = query['tag'] === undefined ? null : textOf(query['tag'], 16, 'tag')
  return {
    epoch: textOf(query['epoch'], 100, 'epoch'),
    after: numberOf(query['after'], 'after'),
    tag,
    limit: Math.min(numberOf(query['limit'] ?? 100, 'limit'), pageItemsMax) || 1,
    waitMs: Math.min(numberOf(query['wait'] ?? 0, 'wait'), feedWaitMsMax),
    location: parseLocation(query),
  }
}

export function parseLocation(query: Loose): Location {
  return query['location'] === undefined ? null : textOf(query['location'], 64, 'location')
}

export function parseAttach(body: unknown): { network: string; node: string; fresh: boolean } {
  const { network, node, fresh } = objectOf(body)
  if (!isText(network, 200) || !isText(node, 200)) throw bodyInvalid('network and node must be texts')
  return { network, node, fresh: fresh === true }
}

export function parseOperations(body: unknown): readonly Operation[] {
  const { operations } = objectOf(body)
  if (!Array.isArray(operations) || operations.length > adjustmentsMax) {
    throw bodyInvalid(`operations must be a list of at most ${adjustmentsMax}`)
  }
  return operations.map((one: unknown): Operation => {
    const { opId, stockId, key, delta } = objectOf(one)
    if (typeof opId !== 'string' || !/^[0-9a-f]{32}$/.test(opId)) throw bodyInvalid('an opId is 32 hex digits')
    if (!isText(stockId, 64) || !isText(key, 2_000)) throw bodyInvalid('stockId and key must be texts')
    if (typeof delta !== 'number' || !Number.isInteger(delta) || Math.abs(delta) > unitsMax) {
      throw bodyInvalid('a delta is a whole number of units')
    }
    return { opId, stockId, key, delta }
  })
}

function objectOf(value: unknown): Loose {
  if (typeof value !== 'object' || value === null) throw bodyInvalid('it is not the JSON that belongs here')
  return value as Loose
}

function isText(value: unknown, charactersMax: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= charactersMax
}

function textOf(value: unknown, charactersMax: number, name: string): string {
  if (typeof value !== 'string' || value.length > charactersMax) {
    throw failure(400, 'query-invalid', `${name} is missing or too long.`)
  }
  return value
}

function numberOf(value: unknown, name: string): number {
  const number = Number(value)
  if (value === '' || !Number.isSafeInteger(number) || number < 0) {
    throw failure(400, 'query-invalid', `${name} must be a whole number.`)
  }
  return number
}

function bodyInvalid(what: string): HttpException {
  return failure(400, 'body-invalid', `The body cannot be used: ${what}.`)
}
