/** The shop as a buyer sees it: products with what is left of them, and a basket of several lines. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { createIdempotencyKey, sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { Empty } from '../parts/empty.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { sentenceFor } from '../text/language.ts'
import { addToBasket, type BasketLine } from './basket.ts'
import { BasketPanel } from './basket-panel.tsx'
import { OrderFailure } from './order-failure-notice.tsx'
import { ProductCard } from './product-card.tsx'
import { type ProductFeed, useProductFeed } from './product-feed.ts'
import type { ShopOrder } from './shop-api.ts'
import { ShopFrame } from './shop-frame.tsx'
import { text } from './shop-language.ts'

type Order = (lines: readonly BasketLine[], onDone: () => void) => void

export function Storefront(): JSX.Element {
  const query = useSignal('')
  const feed = useProductFeed(query.value, false)
  const basket = useSignal<readonly BasketLine[]>([])
  const said = useSignal('')
  const action = useAction()
  const attempt = useSignal<{ readonly lines: string; readonly key: string } | null>(null)
  const words = text.value
  const order: Order = (lines, onDone) => {
    said.value = ''
    action.run(async () => {
      const body = { lines: lines.map(({ productId, quantity }) => ({ productId, quantity })) }
      const written = JSON.stringify(body)
      // The same order sent again after a lost answer keeps its key, so that it is placed once.
      if (attempt.value?.lines !== written) {
        attempt.value = { lines: written, key: createIdempotencyKey() }
      }
      try {
        const placed = await sendApi<ShopOrder>('POST', '/shop/v1/orders', body, attempt.value.key)
        attempt.value = null
        said.value = text.value.ordered(placed.id)
        onDone()
      } catch (thrown) {
        if (!isUncertain(thrown)) {
          attempt.value = null
        }
        throw thrown
      } finally {
        void feed.refresh()
      }
    })
  }
  return (
    <ShopFrame title={words.storefront} links={<a href="/shop/admin">{words.admin}</a>}>
      <div class="page-head">
        <div>
          <h1>{words.welcome}</h1>
          <p class="hint">{words.demoHint}</p>
        </div>
      </div>
      <div class="store">
        <section aria-label={words.products}>
          <div class="filters">
            <SearchBox
              label={words.search}
              hint={words.searchHint}
              value={query.value}
              onSearch={(next) => {
                query.value = next
              }}
            />
          </div>
          <Answer said={said.value} action={action} />
          <Products
            feed={feed}
            query={query.value}
            isBusy={action.isBusy.value}
            onBuy={(line) => order([line], () => {})}
            onAdd={(line) => {
              basket.value = addToBasket(basket.value, { id: line.productId, name: line.name }, line.quantity)
            }}
          />
        </section>
        <BasketPanel
          lines={basket}
          isBusy={action.isBusy.value}
          onOrder={() =>
            order(basket.value, () => {
              basket.value = []
            })
          }
        />
      </div>
    </ShopFrame>
  )
}

/** Only an answer that never came, or a server's own trouble, leaves open whether the order was placed. */
function isUncertain(thrown: unknown): boolean {
  return (
    !(typeof thrown === 'object' && thrown !== null && 'status' in thrown && Number(thrown.status) >= 400) ||
    Number((thrown as { status: unknown }).status) >= 500
  )
}

interface AnswerProps {
  readonly said: string
  readonly action: ReturnType<typeof useAction>
}

function Answer({ said, action }: AnswerProps): JSX.Element {
  return (
    <div class="answer" aria-live="polite">
      {said !== '' && <p class="notice notice-good">{said}</p>}
      {action.failure.value !== null && <OrderFailure failure={action.failure.value} />}
    </div>
  )
}

interface ProductsProps {
  readonly feed: ProductFeed
  readonly query: string
  readonly isBusy: boolean
  readonly onBuy: (line: BasketLine) => void
  readonly onAdd: (line: BasketLine) => void
}

function Products({ feed, query, isBusy, onBuy, onAdd }: ProductsProps): JSX.Element {
  const words = text.value
  const items = feed.items.value
  const failure = feed.failure.value
  if (failure !== null && failure.status === 401) {
    return (
      <Empty>
        <p>{words.signInHere}</p>
        <p>
          <a href="/shop/admin">{words.signIn}</a>
        </p>
      </Empty>
    )
  }
  const parents = new Map(items?.map((product) => [product.id, product.name]) ?? [])
  const withVariants = new Set(items?.map((product) => product.parentId) ?? [])
  // A product without a stock of its own is bought as one of its variants.
  const buyable = items?.filter((product) => product.stock !== null || !withVariants.has(product.id))
  return (
    <>
      {failure !== null && <p class="notice notice-bad">{sentenceFor(failure)}</p>}
      {items === null && failure === null && <p class="muted">{words.loading}</p>}
      {items !== null && items.length === 0 && <Empty>{query === '' ? words.empty : words.emptySearch}</Empty>}
      <ul class="product-cards">
        {buyable?.map((product) => (
          <ProductCard
            key={product.id}
            product={product}
            parentName={product.parentId === null ? null : (parents.get(product.parentId) ?? null)}
            isBusy={isBusy}
            onBuy={onBuy}
            onAdd={onAdd}
          />
        ))}
      </ul>
      {feed.hasMore.value && (
        <div class="pager">
          <button type="button" class="button" onClick={() => feed.more()}>
            {words.more}
          </button>
        </div>
      )}
    </>
  )
}
