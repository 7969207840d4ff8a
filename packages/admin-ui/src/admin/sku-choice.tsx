/** A product's own buffer in this shop, and whether it is left out of the sync here. */
import { useSignal } from '@preact/signals'
import type { ResumeChoice, StockDetail } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { type Action, useAction } from '../api/use-action.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

interface DetailProps {
  readonly detail: StockDetail
}

export function SkuChoiceCard({ detail }: DetailProps): JSX.Element {
  const words = text.value.skuChoice
  return (
    <details class="stock-change" open={detail.leftOut !== null}>
      <summary>{words.title}</summary>
      <div class="explained-columns">
        <OwnBuffer detail={detail} />
        {detail.leftOut === null ? <LeaveOut sku={detail.sku} /> : <TakeIn sku={detail.sku} leftOut={detail.leftOut} />}
      </div>
    </details>
  )
}

function OwnBuffer({ detail: { sku, buffer } }: DetailProps): JSX.Element {
  const words = text.value.skuChoice
  const typed = useSignal(buffer === null ? '' : String(buffer))
  const said = useSignal(false)
  const action = useAction()
  return (
    <form
      onInput={() => {
        said.value = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          await choose(sku, { buffer: typed.value.trim() === '' ? null : Number(typed.value) })
          said.value = true
        })
      }}
    >
      <Field label={words.buffer} hint={words.bufferHint} value={typed} isWhole />
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">{said.value && <p class="notice notice-good">{words.saved}</p>}</div>
      <p class="actions">
        <BusyButton action={action}>{words.save}</BusyButton>
      </p>
    </form>
  )
}

function LeaveOut({ sku }: { readonly sku: string }): JSX.Element {
  const words = text.value.skuChoice
  const action = useAction()
  return (
    <section>
      <h3>{words.leaveOut}</h3>
      <p class="hint">{words.leaveOutIntro}</p>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton action={action} onPress={() => action.run(() => choose(sku, { leftOut: true }))}>
          {words.leaveOutDo}
        </BusyButton>
      </p>
    </section>
  )
}

interface TakeInProps {
  readonly sku: string
  readonly leftOut: NonNullable<StockDetail['leftOut']>
}

function TakeIn({ sku, leftOut: { since, difference } }: TakeInProps): JSX.Element {
  const words = text.value.skuChoice
  const action = useAction()
  return (
    <section>
      <h3>{text.value.products.states['left-out']}</h3>
      <p>{words.leftOutSince(format.value.moment(since, Date.now()))}</p>
      <p>{words.difference(difference)}</p>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <TakeInButton action={action} sku={sku} label={words.useNetwork} differences="network" isMain />
        {difference !== 0 && <TakeInButton action={action} sku={sku} label={words.countIn} differences="count-in" />}
      </p>
    </section>
  )
}

interface TakeInButtonProps {
  readonly action: Action
  readonly sku: string
  readonly label: string
  readonly differences: ResumeChoice
  readonly isMain?: boolean
}

function TakeInButton({ action, sku, label, differences, isMain = false }: TakeInButtonProps): JSX.Element {
  return (
    <BusyButton
      action={action}
      {...(isMain ? { kind: 'main' as const } : {})}
      onPress={() => action.run(() => choose(sku, { leftOut: false, differences }))}
    >
      {label}
    </BusyButton>
  )
}

async function choose(sku: string, change: object): Promise<void> {
  await sendApi('PATCH', `/api/v1/stock/${encodeURIComponent(sku)}`, change)
}
