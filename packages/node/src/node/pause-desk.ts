/**
 * Pausing and resuming as the HTTP interface asks for it, and the refusal of what cannot be done meanwhile. The only
 * connectors are ledgers: their feed tells each change that was made during a pause, so a resume asks nothing.
 */
import type { PauseAnswer, ResumePreview } from '@stockmesh/protocol'
import { ConnectorError } from '../connectors/connector.ts'
import { ApiFailure } from '../http/node-api.ts'
import type { PauseApi } from '../http/pause-routes.ts'
import type { ShopSide } from '../shop-sync/shop-side.ts'

const exact = true
const nothingDiffers: ResumePreview = { paused: false, exact, differ: 0, unitsChanged: 0, items: [] }

export class PauseDesk implements PauseApi {
  readonly #shop: () => ShopSide

  /** `shop` may throw an `ApiFailure` while there is none. */
  constructor(shop: () => ShopSide) {
    this.#shop = shop
  }

  pauseState(): PauseAnswer {
    return answerOf(this.#shop())
  }

  async pause(): Promise<PauseAnswer> {
    const shop = this.#shop()
    await shop.pause()
    return answerOf(shop)
  }

  async resumePreview(): Promise<ResumePreview> {
    const shop = this.#shop()
    if (!shop.isPaused) return nothingDiffers
    try {
      return await shop.previewResume()
    } catch (error) {
      if (error instanceof ConnectorError) throw new ApiFailure(503, error.code, error.message)
      throw error
    }
  }

  async resume(): Promise<PauseAnswer> {
    const shop = this.#shop()
    if (shop.undo.isRunning && !shop.undo.isCancelling) {
      throw new ApiFailure(
        409,
        'undo-running',
        'What the import did to this shop is being taken back. Wait until that is done, then resume.',
      )
    }
    await shop.resume()
    return answerOf(shop)
  }
}

/** For what needs the shop's present number. Errors: 409 `shop-paused`, 409 `superseded`. */
export function refuseWhilePaused(shop: Pick<ShopSide, 'isPaused' | 'isAside'>): void {
  refuseWhileAside(shop)
  if (!shop.isPaused) return
  throw new ApiFailure(
    409,
    'shop-paused',
    'This shop is paused, so what it sold since is not known here. Resume it first, then try again.',
  )
}

/** For what changes numbers of this shop. Error: 409 `superseded`. */
export function refuseWhileAside(shop: Pick<ShopSide, 'isAside'>): void {
  if (!shop.isAside) return
  throw new ApiFailure(
    409,
    'superseded',
    'Another node of this shop was started later, so this one stands aside. Go on there, or stop it and try again.',
  )
}

function answerOf({ pausedSince }: ShopSide): PauseAnswer {
  const since = pausedSince === null ? null : new Date(pausedSince).toISOString()
  return { paused: since !== null, since, exact }
}
