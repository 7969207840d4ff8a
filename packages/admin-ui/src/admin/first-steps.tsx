/** What is looked at before a shop shares its stock: whether the node is beside the right one, and its catalogue. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { channel } from '../live/live-store.ts'
import { text } from '../text/admin-language.ts'
import { platformTitle } from '../text/platform-text.ts'
import { CatalogueCheck } from './catalogue-check.tsx'
import { ShopConnection } from './shop-connection.tsx'

export function FirstSteps(): JSX.Element | null {
  const isChoosing = useSignal(false)
  const shop = channel.state.value?.status.shop
  const words = text.value.overview
  if (shop === undefined) {
    return null
  }
  if (isChoosing.value) {
    return <ShopConnection />
  }
  return (
    <div class="card first-shop">
      <div>
        <p>
          {text.value.connection.present(
            platformTitle(text.value.platforms, shop.connector),
            shop.location?.name ?? null,
          )}
        </p>
        <p class="hint">{words.stepShopHint}</p>
        <p class="actions">
          <button
            type="button"
            class="button"
            onClick={() => {
              isChoosing.value = true
            }}
          >
            {words.stepShopOpen}
          </button>
        </p>
      </div>
      <div>
        <CatalogueCheck />
      </div>
    </div>
  )
}
