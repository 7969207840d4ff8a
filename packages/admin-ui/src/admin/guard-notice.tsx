/**
 * Said while this shop shows only a share because others are out of reach, with the way out where a shop is closed;
 * and when a shop that was declared closed is in contact again.
 */
import type { StatusAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel, memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { Asked } from './asked.tsx'
import { guardPath } from './guard-path.ts'
import { formatRoute } from './route.ts'

export function GuardNotice({ status }: { readonly status: StatusAnswer }): JSX.Element | null {
  const { on, closed, shares, shownPercent } = status.partitionGuard
  const members = status.network?.members ?? []
  const shut = on ? members.filter(({ id, self }) => !self && closed.includes(id)) : []
  if (shownPercent === null && shut.length === 0) {
    return null
  }
  return (
    <section class="section" aria-labelledby="guard-notice">
      <h2 id="guard-notice">{shownPercent === null ? text.value.guard.title : text.value.guard.partedTitle}</h2>
      <div class="stack">
        {shownPercent !== null && <Parted status={status} share={shownPercent / 100} />}
        {shut.map(({ id, name, online }) => (
          <Shut key={id} id={id} name={name} isBack={online} closed={closed} isSet={shares === 'set'} />
        ))}
      </div>
    </section>
  )
}

function Parted({ status, share }: { readonly status: StatusAnswer; readonly share: number }): JSX.Element {
  const words = text.value.guard
  const { outOfReach, closed } = status.partitionGuard
  return (
    <div class="card">
      <p>{words.parted(format.value.list(outOfReach.map((member) => memberName(member))), share)}</p>
      <p class="hint">{words.partedOne}</p>
      <p class="actions">
        {outOfReach.map((member) => (
          <Asked
            key={member}
            open={words.close(memberName(member))}
            title={words.closeTitle(memberName(member))}
            stays={words.closeStays}
            label={words.closeDo}
            perform={async () => void (await sendApi('POST', guardPath, { closed: [...closed, member] }))}
          />
        ))}
        <a class="button button-quiet" href={formatRoute('settings')}>
          {words.settingsLink}
        </a>
      </p>
    </div>
  )
}

interface ShutProps {
  readonly id: string
  readonly name: string
  readonly isBack: boolean
  readonly closed: readonly string[]
  /** A person sets the shares, so that somebody has to give it one again. */
  readonly isSet: boolean
}

function Shut({ id, name, isBack, closed, isSet }: ShutProps): JSX.Element {
  const words = text.value.guard
  const action = useAction()
  return (
    <div class="card">
      <p>{isBack ? words.closedBack(name) : words.closed(name)}</p>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton
          action={action}
          {...(isBack ? { kind: 'main' as const } : {})}
          onPress={() =>
            action.run(async () => {
              await sendApi('POST', guardPath, { closed: closed.filter((one) => one !== id) })
              await channel.refresh()
              if (isSet) {
                location.hash = formatRoute('settings')
              }
            })
          }
        >
          {words.reopen(name)}
        </BusyButton>
      </p>
    </div>
  )
}
