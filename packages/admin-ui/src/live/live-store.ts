/** The page's one live channel, and what is read from it in more than one place. */
import { type ReadonlySignal, computed } from '@preact/signals'
import type { LiveState } from '@stockmesh/protocol/api'
import { text } from '../text/admin-language.ts'
import { LiveChannel } from './live-channel.ts'

export const channel: LiveChannel = new LiveChannel()

const none: LiveState['versions'] = { stock: 0, log: 0, problems: 0, requests: 0 }

export const versions: ReadonlySignal<LiveState['versions']> = computed(() => channel.state.value?.versions ?? none)

const memberNames = computed(
  () => new Map(channel.state.value?.status.network?.members.map((member) => [member.id, member.name]) ?? []),
)

/** The name of a member that is in the network now; null for any other id. */
export function knownMemberName(id: string): string | null {
  return memberNames.value.get(id) ?? null
}

/** A member's name; a shop that has left is named as such with the start of its id. */
export function memberName(id: string): string {
  const node = channel.state.value?.status.node
  return (
    memberNames.value.get(id) ?? (node?.id === id ? node.name : `${text.value.common.unknownShop} ${id.slice(0, 6)}`)
  )
}
