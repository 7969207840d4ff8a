/** The import of this shop: ready to start, its progress, and the rows that failed by name. */
import { useSignal } from '@preact/signals'
import type { ImportAnswer, ImportFailedItem, ImportState } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { usePagedList } from '../api/use-reading.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Badge, type Tone } from '../parts/badge.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { Progress } from '../parts/progress.tsx'
import { text } from '../text/admin-language.ts'
import { format, sentenceFor } from '../text/language.ts'
import { Asked } from './asked.tsx'
import { ImportPreviewTotals } from './import-preview.tsx'
import { formatRoute } from './route.ts'

const tones: Readonly<Record<ImportState, Tone>> = {
  idle: 'quiet',
  listing: 'busy',
  ready: 'busy',
  running: 'busy',
  paused: 'attention',
  done: 'good',
  failed: 'attention',
}

export function ImportCard({ importing }: { readonly importing: ImportAnswer }): JSX.Element {
  const words = text.value.import
  const isMoving = importing.state === 'listing' || importing.state === 'running'
  const isShopPaused = importing.state !== 'done' && channel.state.value?.status.shop.state === 'paused'
  return (
    <div class="card">
      <div class="card-head">
        <h3>{words.title}</h3>
        <Badge tone={tones[importing.state]} label={words.states[importing.state]} />
      </div>
      {(importing.state === 'ready' || importing.state === 'idle') && <p>{words.readyIntro}</p>}
      {importing.cancelling && <p role="status">{text.value.importPause.cancelling}</p>}
      {isMoving && <Progress label={words.title} done={importing.done} total={importing.total} />}
      {(isMoving || importing.state === 'paused') && <p class="numbers">{progressWords(importing)}</p>}
      {importing.state === 'done' && importing.finishedAt !== null && (
        <p>
          {words.progress(importing.done, importing.total)} · {words.finished(format.value.full(importing.finishedAt))}
        </p>
      )}
      {importing.failedCount > 0 && <FailedRows count={importing.failedCount} />}
      {isShopPaused ? <ShopPaused /> : <Steps importing={importing} />}
    </div>
  )
}

/** Nothing of an import can go on while the shop is paused, so the pause is what to look at first. */
function ShopPaused(): JSX.Element {
  return (
    <>
      <p>{text.value.importPause.shopPaused}</p>
      <p class="actions">
        <a class="button button-main" href={formatRoute('shops')}>
          {text.value.pause.link}
        </a>
      </p>
    </>
  )
}

/** What a person can do now. */
function Steps({ importing }: { readonly importing: ImportAnswer }): JSX.Element | null {
  const words = text.value.importPause
  if (importing.cancelling) {
    return null
  }
  switch (importing.state) {
    case 'idle':
    case 'failed':
      return <StartButton state={importing.state} start={() => sendApi('POST', '/api/v1/import', {})} />
    case 'ready':
      return <Ready />
    case 'listing':
    case 'running':
      return <Word path="/api/v1/import/pause" label={words.pause} />
    case 'paused':
      return (
        <>
          <p>{words.held}</p>
          <Word path="/api/v1/import/resume" label={words.resume} kind="main" />
        </>
      )
    case 'done':
      return null
  }
}

interface WordProps {
  readonly path: string
  readonly label: string
  readonly kind?: 'main'
}

/** The button of one word, and beside it the way out of the whole import. */
function Word({ path, label, kind }: WordProps): JSX.Element {
  const words = text.value.importPause
  const action = useAction()
  return (
    <>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton
          action={action}
          {...(kind === undefined ? {} : { kind })}
          onPress={() =>
            action.run(async () => {
              await sendApi('POST', path)
              await channel.refresh()
            })
          }
        >
          {label}
        </BusyButton>
        <Asked
          open={words.cancel}
          title={words.cancelTitle}
          stays={words.cancelStays}
          label={words.cancelDo}
          perform={async () => void (await sendApi('POST', '/api/v1/import/cancel'))}
        />
      </p>
    </>
  )
}

/** What is started is what was seen. There is no preview any more once the import runs, so none is read then. */
function Ready(): JSX.Element {
  const seen = useSignal<string | null>(null)
  const isStarting = useSignal(false)
  return (
    <>
      {!isStarting.value && <ImportPreviewTotals seen={seen} />}
      <StartButton
        state="ready"
        start={async () => {
          isStarting.value = true
          try {
            await sendApi('POST', '/api/v1/import', seen.value === null ? {} : { preview: seen.value })
          } catch (thrown) {
            // What it would do now is shown beside the reason.
            isStarting.value = false
            throw thrown
          }
        }}
      />
    </>
  )
}

function progressWords(importing: ImportAnswer): string {
  const words = text.value.import
  const parts =
    importing.total > 0 ? [words.progress(importing.done, importing.total)] : [format.value.number(importing.done)]
  const rate = importing.ratePerSecond
  if (rate !== null && rate > 0) {
    parts.push(words.rate(rate))
    if (importing.total > importing.done) {
      parts.push(words.left(format.value.duration((importing.total - importing.done) / rate)))
    }
  }
  return parts.join(' · ')
}

interface StartButtonProps {
  readonly state: ImportState
  readonly start: () => Promise<void>
}

function StartButton({ state, start }: StartButtonProps): JSX.Element {
  const action = useAction()
  const words = text.value.import
  return (
    <>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton
          action={action}
          kind="main"
          onPress={() =>
            action.run(async () => {
              try {
                await start()
              } finally {
                await channel.refresh()
              }
            })
          }
        >
          {state === 'failed' ? words.again : words.do}
        </BusyButton>
      </p>
    </>
  )
}

function FailedRows({ count }: { readonly count: number }): JSX.Element {
  const list = usePagedList<ImportFailedItem>('/api/v1/import/failed', count)
  return (
    <details class="failed-rows">
      <summary>{text.value.import.failed(count)}</summary>
      <FailureNotice failure={list.failure} />
      <ul class="rows">
        {list.items.value?.map((row) => (
          <li key={row.productId}>
            <span class="mono">{row.sku ?? text.value.common.noSku}</span>
            <span>{row.name === '' ? text.value.common.noName : row.name}</span>
            <span class="muted">{sentenceFor(row)}</span>
          </li>
        ))}
      </ul>
      <Pager list={list} />
      <p class="actions">
        <CsvLinks path="/api/v1/import/failed.csv" words={text.value.common} />
      </p>
    </details>
  )
}
