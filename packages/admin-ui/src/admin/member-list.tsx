/** The shops of the network, this one first: reachable or not, how far behind, and this shop's own platform. */
import { useSignal } from '@preact/signals'
import type { MemberStatus, ShopState, StatusAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { nowMs } from '../live/now.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { SafeLink } from '../parts/safe-link.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { platformTitle } from '../text/platform-text.ts'
import { EvictMember } from './evict-member.tsx'
import { UndoMember, UndoMemberButton } from './undo-member.tsx'

const shopTones: Readonly<Record<ShopState, Tone>> = {
  connecting: 'busy',
  connected: 'good',
  unreachable: 'attention',
  paused: 'quiet',
  idle: 'quiet',
}

interface MemberListProps {
  readonly status: StatusAnswer
  /** Whether a shop can be removed from here. */
  readonly canEvict?: boolean
}

export function MemberList({ status, canEvict = false }: MemberListProps): JSX.Element {
  const members = status.network?.members ?? []
  const others = members.filter((member) => !member.self)
  const undone = useSignal<MemberStatus | null>(null)
  return (
    <>
      {undone.value !== null && (
        <UndoMember
          member={undone.value}
          onClose={() => {
            undone.value = null
          }}
        />
      )}
      <ul class="members">
        <OwnShop status={status} />
        {others.map((member) => (
          <Member
            key={member.id}
            member={member}
            canEvict={canEvict && status.network?.evicted === false}
            onUndo={() => {
              undone.value = member
            }}
          />
        ))}
      </ul>
    </>
  )
}

function OwnShop({ status }: { readonly status: StatusAnswer }): JSX.Element {
  const { node, shop } = status
  const words = text.value.shops
  return (
    <li class="card member">
      <div class="card-head">
        <h3>{node.name}</h3>
        <Badge tone={shopTones[shop.state]} label={words.shopStates[shop.state]} />
      </div>
      <p class="muted break">
        {words.self} · {node.url}
      </p>
      <dl class="facts">
        <div>
          <dt>{words.ownShop}</dt>
          <dd>
            {platformTitle(text.value.platforms, shop.connector)}
            {shop.location !== null && ` · ${text.value.connection.location}: ${shop.location.name}`}
            {shop.lastContactAt !== null && (
              <>
                {' · '}
                {words.lastContact(format.value.relative(shop.lastContactAt, nowMs.value))}
              </>
            )}
          </dd>
        </div>
      </dl>
      {shop.url !== null && (
        <p class="member-links">
          <SafeLink href={shop.url}>{words.openStorefront}</SafeLink>
        </p>
      )}
    </li>
  )
}

interface MemberProps {
  readonly member: MemberStatus
  readonly canEvict: boolean
  readonly onUndo: () => void
}

function Member({ member, canEvict, onUndo }: MemberProps): JSX.Element {
  const words = text.value.shops
  return (
    <li class="card member">
      <div class="card-head">
        <h3>{member.name}</h3>
        <Badge tone={member.online ? 'good' : 'attention'} label={reachWords(member)} />
      </div>
      <p class="muted break">
        <SafeLink href={member.url}>{member.url}</SafeLink>
      </p>
      <dl class="facts">
        <div>
          <dt class="sr-only">{words.members}</dt>
          <dd>
            {behindWords(member)}
            {member.lastContactAt !== null && (
              <>
                {' · '}
                {words.lastContact(format.value.relative(member.lastContactAt, nowMs.value))}
              </>
            )}
          </dd>
          {workWords(member).map((sentence) => (
            <dd key={sentence}>{sentence}</dd>
          ))}
        </div>
      </dl>
      {canEvict && (
        <p class="member-links member-evict">
          <UndoMemberButton name={member.name} onPress={onUndo} />
          <EvictMember member={member} />
        </p>
      )}
    </li>
  )
}

function reachWords(member: MemberStatus): string {
  const words = text.value.shops
  if (member.online) {
    return words.online
  }
  return member.lastContactAt === null
    ? words.neverSeen
    : words.offlineSince(format.value.since(member.lastContactAt, nowMs.value))
}

function behindWords(member: MemberStatus): string {
  const words = text.value.shops
  if (member.behind === null) {
    return words.neverHeard
  }
  return member.behind === 0 ? words.caughtUp : words.behind(member.behind)
}

/** Clocks of two machines are never quite equal; what a person can see in the log is told. */
const clockToldMs = 2_000

/**
 * What else is worth knowing of a member: what it runs, its clock where it is off; and its import and its own shop, while
 * it is there to tell of them.
 */
function workWords(member: MemberStatus): readonly string[] {
  const words = text.value.shops
  const said: string[] = []
  const isImporting = member.import?.state === 'listing' || member.import?.state === 'running'
  if (member.online && member.import !== null && isImporting) {
    said.push(words.importing(member.import.done, member.import.total))
  }
  if (member.online && member.shopState !== null && member.shopState !== 'connected') {
    said.push(words.theirShop(words.shopStates[member.shopState].toLocaleLowerCase()))
  }
  if (member.clockAheadMs !== null && Math.abs(member.clockAheadMs) >= clockToldMs) {
    const duration = format.value.duration(Math.abs(member.clockAheadMs) / 1_000)
    said.push(member.clockAheadMs > 0 ? words.clockAhead(duration) : words.clockBehind(duration))
  }
  if (member.release !== null) {
    said.push(words.release(member.release))
  }
  return said
}
