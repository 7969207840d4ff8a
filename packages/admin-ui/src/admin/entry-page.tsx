/** The pages before somebody is signed in: set-up at the first start, and sign-in. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { LanguageSwitch } from '../parts/language-switch.tsx'
import { text } from '../text/admin-language.ts'
import { language } from '../text/language.ts'
import { session, setUp, signIn } from './session-store.ts'

export function SetUpPage(): JSX.Element {
  const words = text.value.entry
  const token = useSignal('')
  const name = useSignal('')
  const password = useSignal('')
  const isShown = useSignal(false)
  const action = useAction()
  return (
    <Entry title={words.setupTitle}>
      <p class="lead">{words.setupIntro}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          action.run(() =>
            setUp({
              token: token.value.trim(),
              password: password.value,
              name: name.value.trim(),
              language: language.value,
            }),
          )
        }}
      >
        <Field label={words.token} hint={words.tokenHint} value={token} name="token" isRequired isMono hasFocus />
        <Field label={words.shopName} hint={words.shopNameHint} value={name} name="name" isRequired />
        <Field
          label={words.password}
          hint={words.passwordHint}
          value={password}
          name="password"
          type={isShown.value ? 'text' : 'password'}
          autoComplete="new-password"
          lengthMin={10}
          isRequired
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isShown.value}
            onChange={(event) => {
              isShown.value = event.currentTarget.checked
            }}
          />
          {words.passwordShow}
        </label>
        <FailureNotice failure={action.failure} />
        <button type="submit" class="button button-main button-wide" disabled={action.isBusy.value}>
          {words.setupDo}
        </button>
      </form>
    </Entry>
  )
}

export function SignInPage(): JSX.Element {
  const words = text.value.entry
  const password = useSignal('')
  const action = useAction()
  return (
    <Entry title={session.value?.name ?? words.signInTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          action.run(() => signIn(password.value))
        }}
      >
        <Field
          label={words.signInPassword}
          value={password}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          hasFocus
        />
        <FailureNotice failure={action.failure} />
        <button type="submit" class="button button-main button-wide" disabled={action.isBusy.value}>
          {words.signInDo}
        </button>
      </form>
    </Entry>
  )
}

function Entry({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Stockmesh`
  }, [title])
  return (
    <main class="entry">
      <div class="entry-card">
        <div class="entry-head">
          <span class="brand">
            <span class="brand-mark" aria-hidden="true" />
            Stockmesh
          </span>
          <LanguageSwitch label={text.value.common.language} />
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
