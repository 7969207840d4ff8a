/** Something that gets what it should never get, again and again. */
import type { SeededRandom } from '../protocol/random.ts'

/** What went wrong, with the bytes or the call that did it. */
export class Finding extends Error {}

export interface Target extends AsyncDisposable {
  /** A round of tries; answers how many. Error: `Finding`. */
  round(random: SeededRandom): Promise<number> | number
  /** What must hold after all rounds. Error: `Finding`. */
  end(): Promise<void> | void
}

export type OpenTarget = (random: SeededRandom) => Promise<Target> | Target
