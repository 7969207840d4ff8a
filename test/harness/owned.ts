/**
 * What one owner opened, closed in reverse order; the first failure is thrown after everything was closed.
 */
export class Owned implements AsyncDisposable {
  readonly #closers: (() => Promise<void>)[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(async () => resource[Symbol.asyncDispose]())
    return resource
  }

  defer(close: () => Promise<void>): void {
    this.#closers.push(close)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closers.splice(0).reverse()) {
      await close().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
}
