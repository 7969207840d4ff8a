/**
 * What every connector must do, checked at the port that the engine knows and against the shop's own word. A connector
 * calls `conformance('name', open)` in a test file of its own; the shop is opened once, for all themes one after the other.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { adjustments } from './conformance/adjustments.ts'
import { brokenCalls } from './conformance/broken-calls.ts'
import { catalogue } from './conformance/catalogue.ts'
import { Ground } from './conformance/ground.ts'
import { hints } from './conformance/hints.ts'
import { lives } from './conformance/lives.ts'
import { movements } from './conformance/movements.ts'
import type { ShopUnderTest } from './shop-under-test.ts'

export function conformance(name: string, open: () => Promise<ShopUnderTest>): void {
  describe(`conformance of ${name}`, () => {
    const ground = new Ground()
    beforeAll(() => ground.open(open), 180_000)
    afterAll(() => ground[Symbol.asyncDispose]())

    catalogue(ground)
    movements(ground)
    adjustments(ground)
    brokenCalls(ground)
    hints(ground)
    // Last, since these end what the others stand on.
    lives(ground)
  })
}
