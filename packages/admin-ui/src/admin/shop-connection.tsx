/** The shop that this node is beside: choose its platform, enter its keys, try them, and keep them. */
import { type Signal, useSignal } from '@preact/signals'
import type { ConnectorAnswer, ConnectorTrial, List, OtherWriter, PlatformItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { sendApi } from '../api/client.ts'
import { type Action, useAction } from '../api/use-action.ts'
import { type Reading, useReading } from '../api/use-reading.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { Choice } from '../parts/choice.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { platformFieldText, platformTitle } from '../text/platform-text.ts'
import { CatalogueCheck } from './catalogue-check.tsx'
import { connectionRequest, type ConnectionDraft, createConnectionDraft } from './connection-draft.ts'
import { ConnectionTrial } from './connection-trial.tsx'

export function ShopConnection(): JSX.Element {
  const words = text.value.connection
  const platforms = useReading<List<PlatformItem>>('/api/v1/platforms', 0)
  const connector = useReading<ConnectorAnswer>('/api/v1/connector', 0)
  const { items } = platforms.value.value ?? { items: [] }
  const kept = connector.value.value
  return (
    <section class="card settings" aria-labelledby="shop-connection">
      <h2 id="shop-connection">{words.title}</h2>
      <FailureNotice failure={connector.failure} />
      {kept !== null && items.length > 0 && (
        <>
          <Present kept={kept} />
          {kept.fixed ? (
            <p class="hint">{words.fixed}</p>
          ) : (
            <Chooser platforms={items} kept={kept} reading={connector} />
          )}
          <CatalogueCheck />
        </>
      )}
    </section>
  )
}

/** What holds now. */
function Present({ kept }: { readonly kept: ConnectorAnswer }): JSX.Element {
  const words = text.value.connection
  const writers = kept.otherWriters?.map((writer) => words.writers[writer]) ?? []
  return (
    <>
      <p>
        {words.present(platformTitle(text.value.platforms, kept.platform), kept.location?.name ?? null)}{' '}
        {kept.promise === 'exact' ? words.exact : words.bestEffort}
      </p>
      {kept.warnings.length > 0 && (
        <div class="notice">
          <ul>
            {kept.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {writers.length > 0 && <p class="hint">{words.alsoWritten(writers.join(', '))}</p>}
    </>
  )
}

interface ChooserProps {
  readonly platforms: readonly PlatformItem[]
  readonly kept: ConnectorAnswer
  readonly reading: Reading<ConnectorAnswer>
}

function Chooser({ platforms, kept, reading }: ChooserProps): JSX.Element {
  const words = text.value.connection
  const chosen = useSignal(kept.platform)
  const platform = platforms.find(({ name }) => name === chosen.value) ?? platforms[0]
  return (
    <>
      <Choice
        label={words.platform}
        value={chosen.value}
        options={platforms.map(({ name }) => [name, platformTitle(text.value.platforms, name)] as const)}
        onChange={(next) => {
          chosen.value = next
        }}
      />
      {platform !== undefined && (
        <ConnectionForm key={platform.name} platform={platform} kept={kept} reading={reading} />
      )}
    </>
  )
}

interface ConnectionFormProps {
  readonly platform: PlatformItem
  readonly kept: ConnectorAnswer
  readonly reading: Reading<ConnectorAnswer>
}

function ConnectionForm({ platform, kept, reading }: ConnectionFormProps): JSX.Element {
  const words = text.value.connection
  const draft = useMemo(() => createConnectionDraft(platform, kept), [platform, kept])
  const trial = useSignal<ConnectorTrial | null>(null)
  const isSaved = useSignal(false)
  const action = useAction()
  return (
    <form
      onInput={() => {
        // What was tried is not what stands here any more.
        trial.value = null
        isSaved.value = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          isSaved.value = false
          trial.value = null
          trial.value = await sendApi<ConnectorTrial>('POST', '/api/v1/connector/test', connectionRequest(draft))
        })
      }}
    >
      {platform.fields
        .filter(({ location }) => !location)
        .map((field) => (
          <ConnectionField key={field.name} draft={draft} field={field} kept={kept} />
        ))}
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">
        {trial.value !== null && <ConnectionTrial trial={trial.value} />}
        {isSaved.value && <p class="notice notice-good">{words.saved}</p>}
      </div>
      {trial.value !== null && <Keeping draft={draft} trial={trial.value} />}
      <p class="actions">
        <button
          type="submit"
          class={trial.value === null ? 'button button-main' : 'button'}
          disabled={action.isBusy.value || isViewer.value}
        >
          {words.test}
        </button>
        {trial.value !== null && trial.value.mayWrite !== false && (
          <SaveButton action={action} draft={draft} trial={trial} reading={reading} isSaved={isSaved} />
        )}
      </p>
    </form>
  )
}

interface ConnectionFieldProps {
  readonly draft: ConnectionDraft
  readonly field: PlatformItem['fields'][number]
  readonly kept: ConnectorAnswer
}

function ConnectionField({ draft, field, kept }: ConnectionFieldProps): JSX.Element | null {
  const words = text.value.connection
  const { name, secret, required } = field
  const value = draft.values.get(name)
  if (value === undefined) return null
  const isKept = kept.platform === draft.platform.name
  const told = platformFieldText(text.value.platforms, draft.platform.name, field)
  if (isKept && kept.fromEnvironment.includes(name)) {
    return (
      <p class="hint">
        {told.label}: {words.fromEnvironment}
      </p>
    )
  }
  const hasSecret = isKept && kept.secretsSet.includes(name)
  return (
    <Field
      label={told.label}
      hint={hasSecret ? `${told.hint} ${text.value.settings.secretKept}` : told.hint}
      value={value}
      isRequired={required && !hasSecret}
      {...(secret ? { type: 'password', autoComplete: 'new-password' } : {})}
    />
  )
}

interface KeepingProps {
  readonly draft: ConnectionDraft
  readonly trial: ConnectorTrial
}

/** What is asked once the shop has answered: which of its locations, and what else changes stock there. */
function Keeping({ draft, trial }: KeepingProps): JSX.Element {
  const words = text.value.connection
  const location = draft.platform.fields.find((field) => field.location)
  const value = location === undefined ? undefined : draft.values.get(location.name)
  const writers: readonly OtherWriter[] = ['erp', 'supplier-feed', 'sync-app', 'other']
  return (
    // Answering these does not undo the trial.
    <div onInput={(event) => event.stopPropagation()}>
      {value !== undefined && trial.locations.length > 1 && (
        <Choice
          label={words.location}
          hint={words.locationHint}
          value={value.value}
          options={[
            ['', location?.required === true ? words.locationChoose : words.locationAll],
            ...trial.locations.map(({ id, name }) => [id, name] as const),
          ]}
          onChange={(next) => {
            value.value = next
          }}
        />
      )}
      <fieldset class="field">
        <legend>{words.writersAsk}</legend>
        {writers.map((writer) => (
          <label key={writer} class="check">
            <input
              type="checkbox"
              checked={draft.otherWriters.value.includes(writer)}
              onChange={(event) => {
                const others = draft.otherWriters.value.filter((one) => one !== writer)
                draft.otherWriters.value = event.currentTarget.checked ? [...others, writer] : others
              }}
            />
            {words.writers[writer]}
          </label>
        ))}
        <p class="hint">{words.writersHint}</p>
      </fieldset>
    </div>
  )
}

interface SaveButtonProps {
  readonly action: Action
  readonly draft: ConnectionDraft
  readonly trial: Signal<ConnectorTrial | null>
  readonly reading: Reading<ConnectorAnswer>
  readonly isSaved: Signal<boolean>
}

function SaveButton({ action, draft, trial, reading, isSaved }: SaveButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="button button-main"
      disabled={action.isBusy.value || isViewer.value}
      onClick={() =>
        action.run(async () => {
          const { platform, settings } = connectionRequest(draft)
          reading.value.value = await sendApi<ConnectorAnswer>('POST', '/api/v1/connector', {
            platform,
            settings: { ...settings, ...trial.value?.learned },
            otherWriters: draft.otherWriters.value,
          })
          trial.value = null
          isSaved.value = true
          await channel.refresh()
        })
      }
    >
      {text.value.connection.save}
    </button>
  )
}
