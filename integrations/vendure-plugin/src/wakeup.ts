/** Feed reads that wait for news of this process; what another process wrote they find by looking again. */
import { Injectable } from '@nestjs/common'

@Injectable()
export class Wakeup {
  /** Grows with each news, so that one that came between looking and waiting is not slept through. */
  count = 0
  private readonly waiting = new Set<() => void>()

  wake(): void {
    this.count += 1
    for (const go of [...this.waiting]) go()
  }

  wait(heard: number, milliseconds: number): Promise<void> {
    if (heard !== this.count) return Promise.resolve()
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer)
        this.waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, milliseconds)
      this.waiting.add(go)
    })
  }
}
