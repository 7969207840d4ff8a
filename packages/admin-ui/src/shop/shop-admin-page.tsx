/** The shop's own admin: products with their stock, duplicates, and orders. What a shop platform's own back office is. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ApiFailure } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { format } from '../text/language.ts'
import { CreateProduct } from './create-product.tsx'
import { useLinkedProduct } from './linked-product.ts'
import { OrderList } from './order-list.tsx'
import { type ProductFeed, useProductFeed } from './product-feed.ts'
import { ProductRow } from './product-row.tsx'
import { ShopFrame } from './shop-frame.tsx'
import { text } from './shop-language.ts'
import { loadShopSession, shopSession, shopSessionFailure, signInWithKey, signOutOfShop } from './shop-session.ts'

export function ShopAdmin(): JSX.Element {
  const words = text.value
  const session = shopSession.value
  return (
    <ShopFrame title={words.admin} links={<Links />}>
      <div class="page-head">
        <div>
          <h1>{words.admin}</h1>
          <p class="lead">{words.adminIntro}</p>
        </div>
      </div>
      <FailureNotice failure={shopSessionFailure} />
      {session === null && shopSessionFailure.value === null && <p class="muted">{words.loading}</p>}
      {session !== null && !session.isSignedIn && (session.isEmbedded ? <NodeSignIn /> : <KeySignIn />)}
      {isViewer.value && <p class="notice">{words.viewer}</p>}
      {session?.isSignedIn === true && <BackOffice />}
    </ShopFrame>
  )
}

function Links(): JSX.Element {
  const words = text.value
  const session = shopSession.value
  const action = useAction()
  return (
    <>
      <a href="/shop/">{words.storefront}</a>
      {session?.isEmbedded === true && <a href="/">{words.node}</a>}
      {session?.isEmbedded === false && session.isSignedIn && (
        <button type="button" class="button button-quiet" onClick={() => action.run(signOutOfShop)}>
          {words.signOut}
        </button>
      )}
    </>
  )
}

function NodeSignIn(): JSX.Element {
  return (
    <Empty>
      <p>{text.value.signInHere}</p>
      <p>
        <a class="button button-main" href="/">
          {text.value.nodeAdmin}
        </a>
      </p>
    </Empty>
  )
}

function KeySignIn(): JSX.Element {
  const key = useSignal('')
  const action = useAction()
  const words = text.value
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault()
        action.run(() => signInWithKey(key.value.trim()))
      }}
    >
      <Field
        label={words.key}
        hint={words.keyHint}
        value={key}
        name="key"
        type="password"
        autoComplete="current-password"
        isRequired
        hasFocus
      />
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton action={action} kind="main">
          {words.signIn}
        </BusyButton>
      </p>
    </form>
  )
}

function BackOffice(): JSX.Element {
  const query = useSignal('')
  const duplicates = useSignal(false)
  const isCreating = useSignal(false)
  const linkFailure = useSignal<ApiFailure | null>(null)
  const linked = useLinkedProduct((failure) => {
    linkFailure.value = failure
  })
  // All of its SKU are shown, so that a person sees which of them to change.
  useEffect(() => {
    if (linked !== null) query.value = linked.sku ?? linked.name
  }, [linked])
  const feed = useProductFeed(query.value, duplicates.value)
  const words = text.value
  return (
    <>
      <section class="section" aria-label={words.products}>
        <div class="filters">
          <SearchBox
            label={words.search}
            hint={words.searchHint}
            value={query.value}
            onSearch={(next) => {
              query.value = next
            }}
          />
          <div class="segments" role="group" aria-label={words.products}>
            <Segment
              label={words.all}
              isOn={!duplicates.value}
              onPick={() => {
                duplicates.value = false
              }}
            />
            <Segment
              label={words.duplicates}
              isOn={duplicates.value}
              onPick={() => {
                duplicates.value = true
              }}
            />
          </div>
          <button
            type="button"
            class="button button-main filters-end"
            disabled={isViewer.value}
            onClick={() => {
              isCreating.value = true
            }}
          >
            {words.create}
          </button>
        </div>
        {isCreating.value && (
          <CreateProduct
            onClose={() => {
              isCreating.value = false
            }}
            onCreated={() => void feed.refresh()}
          />
        )}
        {duplicates.value && <p class="lead">{words.duplicatesHelp}</p>}
        <FailureNotice failure={linkFailure} />
        <Products feed={feed} linked={linked?.id ?? null} emptyWords={emptyWords(query.value, duplicates.value)} />
        <p class="actions">
          <CsvLinks
            path="/shop/v1/products.csv"
            filter={{ q: query.value, ...(duplicates.value ? { duplicates: 'true' } : {}) }}
            words={words}
          />
        </p>
      </section>
      <OrderList onChanged={() => void feed.refresh()} />
    </>
  )
}

function emptyWords(query: string, duplicates: boolean): string {
  const words = text.value
  if (query !== '') {
    return words.emptySearch
  }
  return duplicates ? words.duplicatesNone : words.empty
}

interface SegmentProps {
  readonly label: string
  readonly isOn: boolean
  readonly onPick: () => void
}

function Segment({ label, isOn, onPick }: SegmentProps): JSX.Element {
  return (
    <button type="button" class="segment" aria-pressed={isOn} onClick={onPick}>
      {label}
    </button>
  )
}

function Products({
  feed,
  linked,
  emptyWords: emptyText,
}: {
  readonly feed: ProductFeed
  /** The id of the product that a link led to. */
  readonly linked: string | null
  readonly emptyWords: string
}): JSX.Element {
  const words = text.value
  const items = feed.items.value
  const failure = feed.failure.value
  // A session that ended meanwhile shows the sign-in instead of an old list.
  if (failure?.status === 401) {
    void loadShopSession()
  }
  return (
    <>
      <FailureNotice failure={feed.failure} />
      {items === null && failure === null && <p class="muted">{words.loading}</p>}
      {items !== null && items.length === 0 && <Empty>{emptyText}</Empty>}
      {items !== null && items.length > 0 && (
        <div class="table-frame">
          <table class="table table-fold">
            <thead>
              <tr>
                <th scope="col">{words.sku}</th>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.stock}</th>
                <th scope="col">
                  <span class="sr-only">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((product) => (
                <ProductRow
                  key={product.id}
                  product={product}
                  isLinked={product.id === linked}
                  onChanged={() => void feed.refresh()}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {items !== null && items.length > 0 && (
        <div class="pager">
          <span class="muted">
            {format.value.number(items.length)} / {words.total(feed.total.value)}
          </span>
          {feed.hasMore.value && (
            <button type="button" class="button" onClick={() => feed.more()}>
              {words.more}
            </button>
          )}
        </div>
      )}
    </>
  )
}
