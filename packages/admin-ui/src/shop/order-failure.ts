/** Why an order was refused, with the number that is left where the shop tells it. */
import type { ApiFailure } from '../api/client.ts'

interface ShortLine {
  readonly sku: string | null
  readonly available: number
}

/** The lines of a 409 `insufficient-stock`, as far as the answer names them. */
export function shortLines(failure: Pick<ApiFailure, 'code' | 'details'>): readonly ShortLine[] {
  const lines: unknown = failure.code === 'insufficient-stock' ? failure.details['lines'] : null
  return Array.isArray(lines) ? lines.flatMap((line: unknown) => parseShortLine(line)) : []
}

function parseShortLine(line: unknown): readonly ShortLine[] {
  if (typeof line !== 'object' || line === null || !('available' in line)) {
    return []
  }
  const sku = 'sku' in line && typeof line.sku === 'string' ? line.sku : null
  return typeof line.available === 'number' ? [{ sku, available: line.available }] : []
}
