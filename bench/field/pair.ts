/**
 * What is compared: two copies of one stock, and how the changes of one come to the other. Whoever keeps nothing on
 * disk is measured without one, and keeps its bytes in a file when it is closed, so that loading can be compared.
 */
export type Side = 0 | 1

export interface Change {
  readonly sku: string
  readonly delta: number
}

export interface Pair {
  /** Bytes that crossed from one copy to the other so far; null where they cannot be counted. */
  readonly bytes: number | null
  /** Resolves when the change counts here: on disk, for whoever has one. While in touch it is also sent. */
  change(side: Side, changes: readonly Change[]): Promise<void> | void
  /** Resolves when each copy has all that the other has, as durable as its own. */
  settle(): Promise<void>
  part(): void
  /**
   * Bytes of the counters alone that these changes are pushed with, without answers and without the movements that explain
   * them. Left out by who sends nothing else.
   */
  pushedBy?(side: Side, changes: readonly Change[]): Promise<number>
  /** In touch again, after parting. */
  meet(): void
  read(side: Side, sku: string): number | Promise<number>
  /** Everything is in the folder, and nothing in memory. */
  close(): Promise<void>
}

export interface Contender {
  readonly name: string
  /** What it is and what it keeps, in one sentence. */
  readonly about: string
  /** Opens what is in the folder, or begins anew. With one copy nothing is sent. */
  open(folder: string, copies: 1 | 2): Promise<Pair>
}
