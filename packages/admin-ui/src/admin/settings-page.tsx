/** Settings of this node: only what was changed is sent, an empty field means the default. Secrets are never shown. */
import { type Signal, useSignal } from '@preact/signals'
import type { SettingsAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { type Reading, useReading } from '../api/use-reading.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { languageNames } from '../text/language.ts'
import { AdminLogCard } from './admin-log-card.tsx'
import { AlertTest } from './alert-test.tsx'
import { BackupCard } from './backup-card.tsx'
import { GuardCard } from './guard-card.tsx'
import { loadSession } from './session-store.ts'
import { ShopConnection } from './shop-connection.tsx'
import { SkuChoicesCard } from './sku-choices-card.tsx'
import { createDraft, type SettingsDraft, settingsChange } from './settings-draft.ts'
import { TokensCard } from './tokens-card.tsx'
import { ViewersCard } from './viewers-card.tsx'

export function SettingsPage(): JSX.Element {
  const reading = useReading<SettingsAnswer>('/api/v1/settings', 0)
  const settings = reading.value.value
  const status = channel.state.value?.status ?? null
  return (
    <>
      <div class="page-head">
        <h1>{text.value.nav.settings}</h1>
      </div>
      <FailureNotice failure={reading.failure} />
      <ShopConnection />
      {settings === null ? (
        reading.failure.value === null && <p class="muted">{text.value.common.loading}</p>
      ) : (
        <>
          <SettingsForm settings={settings} reading={reading} />
          <AlertTest />
          <SkuChoicesCard />
          <BackupCard />
        </>
      )}
      {status !== null && <GuardCard status={status} />}
      <ViewersCard />
      <TokensCard />
      <AdminLogCard />
    </>
  )
}

interface SettingsFormProps {
  readonly settings: SettingsAnswer
  readonly reading: Reading<SettingsAnswer>
}

function SettingsForm({ settings, reading }: SettingsFormProps): JSX.Element {
  const words = text.value.settings
  const draft = useMemo(() => createDraft(settings), [settings])
  const said = useSignal(false)
  const action = useAction()
  return (
    <form
      class="stack settings"
      onInput={() => {
        said.value = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          reading.value.value = await sendApi<SettingsAnswer>(
            'PATCH',
            '/api/v1/settings',
            settingsChange(draft, settings),
          )
          await loadSession()
          said.value = true
        })
      }}
    >
      <section class="card" aria-labelledby="settings-shop">
        <h2 id="settings-shop">{words.shop}</h2>
        <Field label={words.name} hint={words.nameHint} value={draft.name} />
        <Choice
          label={words.language}
          hint={words.languageHint}
          value={draft.language.value}
          options={languageNames}
          onChange={(next) => {
            draft.language.value = next
          }}
        />
        <Field label={words.buffer} hint={words.bufferHint} value={draft.buffer} isWhole />
      </section>
      <Holds draft={draft} />
      <Alerts draft={draft} settings={settings} />
      <div>
        <FailureNotice failure={action.failure} />
        <div aria-live="polite">{said.value && <p class="notice notice-good">{words.saved}</p>}</div>
        <p class="actions">
          <BusyButton action={action} kind="main">
            {words.save}
          </BusyButton>
        </p>
      </div>
    </form>
  )
}

function Holds({ draft }: { readonly draft: SettingsDraft }): JSX.Element {
  const words = text.value.settings
  const switches = [
    [words.holdOwn, draft.holdOwn],
    [words.holdMembers, draft.holdMembers],
  ] as const
  return (
    <section class="card" aria-labelledby="settings-holds">
      <h2 id="settings-holds">{words.holds}</h2>
      {switches.map(([label, value]) => (
        <label class="check" key={label}>
          <input
            type="checkbox"
            checked={value.value}
            onChange={(event) => {
              value.value = event.currentTarget.checked
            }}
          />
          {label}
        </label>
      ))}
      <Field label={words.holdFrom} hint={words.holdHint} value={draft.holdFrom} isWhole />
    </section>
  )
}

interface AlertsProps {
  readonly draft: SettingsDraft
  readonly settings: SettingsAnswer
}

function Alerts({ draft, settings }: AlertsProps): JSX.Element {
  const words = text.value.settings
  return (
    <section class="card" aria-labelledby="settings-alerts">
      <h2 id="settings-alerts">{words.alerts}</h2>
      <p class="hint">{words.alertsIntro}</p>
      <Field label={words.webhook} hint={words.webhookHint} value={draft.webhookUrl} />
      <SecretField
        label={words.webhookSecret}
        value={draft.webhookSecret}
        isRemoved={draft.webhookSecretRemoved}
        isSet={settings.alertWebhookSecretSet}
      />
      <Field label={words.emailTo} value={draft.emailTo} />
      <Field label={words.emailFrom} value={draft.emailFrom} />
      <SecretField
        label={words.smtp}
        hint={words.smtpHint}
        value={draft.smtpUrl}
        isRemoved={draft.smtpUrlRemoved}
        isSet={settings.alertSmtpUrlSet}
      />
      <Field label={words.minutes} hint={words.minutesHint} value={draft.minutes} isWhole />
      <QuietHours draft={draft} />
    </section>
  )
}

const exemptions: readonly SettingsAnswer['alertQuietExempt'][] = ['none', 'oversold', 'fork', 'oversold-and-fork']

function QuietHours({ draft }: { readonly draft: SettingsDraft }): JSX.Element {
  const words = text.value.settings
  return (
    <fieldset class="field" aria-describedby="quiet-hint">
      <legend>{words.quiet}</legend>
      <p class="hint" id="quiet-hint">
        {words.quietHint}
      </p>
      <div class="field-row">
        <Field label={words.quietFrom} value={draft.quietFrom} type="time" />
        <Field label={words.quietTo} value={draft.quietTo} type="time" />
      </div>
      <Choice
        label={words.quietExempt}
        value={draft.quietExempt.value}
        options={exemptions.map((one) => [one, words.quietExemptions[one]] as const)}
        onChange={(next) => {
          draft.quietExempt.value = next
        }}
      />
    </fieldset>
  )
}

interface SecretFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: Signal<string>
  readonly isRemoved: Signal<boolean>
  readonly isSet: boolean
}

/** A secret goes in and never comes out; one that is kept can be replaced or deleted. */
function SecretField({ label, hint = '', value, isRemoved, isSet }: SecretFieldProps): JSX.Element {
  const words = text.value.settings
  const help = [hint, isSet ? words.secretKept : ''].filter((part) => part !== '').join('. ')
  return (
    <>
      <Field
        label={label}
        {...(help === '' ? {} : { hint: help })}
        value={value}
        type="password"
        autoComplete="new-password"
      />
      {isSet && (
        <label class="check">
          <input
            type="checkbox"
            checked={isRemoved.value}
            onChange={(event) => {
              isRemoved.value = event.currentTarget.checked
            }}
          />
          {words.secretRemove}: {label}
        </label>
      )}
    </>
  )
}
