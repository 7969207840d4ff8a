/**
 * Movements: one line of history for one change of a SKU, what explains its number. A replica numbers its movements
 * from 1 without gaps (see history); the digest does not cover them.
 */
import {
  Malformed,
  type Reader,
  readByte,
  readInt,
  readText,
  readUint,
  type Writer,
  writeByte,
  writeInt,
  writeText,
  writeUint,
} from './bytes.ts'
import type { Cause } from './api.ts'
import { momentMsMax, referenceCharactersMax, totalUnitsMax } from './limits.ts'

export interface Movement {
  /** Signed units. */
  readonly delta: number
  readonly cause: Cause
  /** An order number or the like; null where there is none. */
  readonly reference: string | null
  /** Milliseconds since 1970, by the clock of the shop where it happened. */
  readonly at: number
  /** The network's level there before and after; null where the network had no number yet. */
  readonly levelBefore: number | null
  readonly levelAfter: number | null
}

const causes = [
  'unknown',
  'sale',
  'cancel',
  'return',
  'manual',
  'stock-count',
  'received',
  'created',
  'import',
  'repair',
  'undo',
  'catch-up',
] as const satisfies readonly Cause[]

export function writeMovement(writer: Writer, movement: Movement): void {
  writeInt(writer, movement.delta)
  writeByte(writer, causes.indexOf(movement.cause))
  writeText(writer, movement.reference ?? '')
  writeUint(writer, movement.at)
  const { levelBefore, levelAfter } = movement
  writeByte(writer, (levelBefore === null ? 0 : 1) + (levelAfter === null ? 0 : 2))
  if (levelBefore !== null) writeInt(writer, levelBefore)
  if (levelAfter !== null) writeInt(writer, levelAfter)
}

/** Throws `Malformed`. */
export function readMovement(reader: Reader): Movement {
  const delta = readInt(reader, totalUnitsMax)
  // A cause that only a newer release knows is shown as unknown.
  const cause = causes[readByte(reader)] ?? 'unknown'
  const reference = readText(reader, referenceCharactersMax)
  const at = readUint(reader, momentMsMax)
  const present = readByte(reader)
  if (present > 3) throw new Malformed('A movement has unknown levels.')
  return {
    delta,
    cause,
    reference: reference === '' ? null : reference,
    at,
    levelBefore: (present & 1) === 0 ? null : readInt(reader),
    levelAfter: (present & 2) === 0 ? null : readInt(reader),
  }
}
