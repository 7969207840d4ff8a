/** The tokens of programs: made here, shown once, and revoked. */
import { type Signal, useSignal } from '@preact/signals'
import type { ApiTokenItem, List, MadeApiToken } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { type Reading, useReading } from '../api/use-reading.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

type Role = ApiTokenItem['role']

const roles: readonly Role[] = ['viewer', 'admin']

export function TokensCard(): JSX.Element {
  const words = text.value.tokens
  const reading = useReading<List<ApiTokenItem>>('/api/v1/tokens', 0)
  const made = useSignal<MadeApiToken | null>(null)
  const list = reading.value.value
  return (
    <section class="card settings" aria-labelledby="tokens">
      <h2 id="tokens">{words.title}</h2>
      <p class="hint">{words.intro}</p>
      <FailureNotice failure={reading.failure} />
      {list !== null && list.items.length === 0 && <p>{words.none}</p>}
      {list !== null && list.items.length > 0 && (
        <ul class="rows">
          {list.items.map((token) => (
            <TokenRow key={token.id} token={token} reading={reading} made={made} />
          ))}
        </ul>
      )}
      <div aria-live="polite">
        {made.value !== null && (
          <div class="notice notice-good">
            <p>{words.made(made.value.name)}</p>
            <p class="mono break">{made.value.token}</p>
          </div>
        )}
      </div>
      <NewToken reading={reading} made={made} />
      {(reading.value.value?.items.length ?? 0) > 0 && (
        <p class="actions">
          <CsvLinks path="/api/v1/tokens.csv" words={text.value.common} />
        </p>
      )}
    </section>
  )
}

interface CardProps {
  readonly reading: Reading<List<ApiTokenItem>>
  /** The one that was made last: it is shown until another one is, or it is revoked. */
  readonly made: Signal<MadeApiToken | null>
}

function TokenRow({ token, reading, made }: CardProps & { readonly token: ApiTokenItem }): JSX.Element {
  const words = text.value.tokens
  const action = useAction()
  const used = token.usedAt === null ? words.unused : words.used(format.value.moment(token.usedAt, Date.now()))
  return (
    <li>
      <span>
        <strong class="break">{token.name}</strong>
        <br />
        <span class="muted">
          {words.roles[token.role]} · {used}
        </span>
        <FailureNotice failure={action.failure} />
      </span>
      <span class="rows-end">
        <BusyButton
          action={action}
          onPress={() =>
            action.run(async () => {
              await sendApi('DELETE', `/api/v1/tokens/${encodeURIComponent(token.id)}`)
              if (made.value?.id === token.id) {
                made.value = null
              }
              reading.refresh()
            })
          }
        >
          {words.revoke}
        </BusyButton>
      </span>
    </li>
  )
}

function NewToken({ reading, made }: CardProps): JSX.Element {
  const words = text.value.tokens
  const name = useSignal('')
  const role = useSignal<Role>('viewer')
  const action = useAction()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          const body = { name: name.value.trim(), role: role.value }
          made.value = await sendApi<MadeApiToken>('POST', '/api/v1/tokens', body)
          name.value = ''
          reading.refresh()
        })
      }}
    >
      <Field label={words.name} hint={words.nameHint} value={name} isRequired />
      <Choice
        label={words.role}
        value={role.value}
        options={roles.map((one) => [one, words.roles[one]] as const)}
        onChange={(next) => {
          role.value = next
        }}
      />
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton action={action}>{words.make}</BusyButton>
      </p>
    </form>
  )
}
