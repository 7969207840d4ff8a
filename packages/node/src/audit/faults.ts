/**
 * The faults that an audit has found: all are counted, and so many kept as a person reads.
 */
import type { AuditFault } from '@stockmesh/protocol'

const faultsMax = 1_000

export class Faults {
  readonly kept: AuditFault[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  add(code: string, message: string, about: Partial<Pick<AuditFault, 'replica' | 'sku'>>): void {
    this.#count += 1
    if (this.kept.length < faultsMax) this.kept.push({ code, message, replica: null, sku: null, ...about })
  }
}
