/**
 * The command was used wrongly in a way that shows only while it runs: exit code 2, all faults in one go.
 */
export class UsageError extends Error {
  readonly code = 'usage'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join(' '))
    this.name = 'UsageError'
    this.faults = faults
  }
}
