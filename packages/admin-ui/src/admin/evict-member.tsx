/** Removes another shop from the network, after a question that says what happens and what stays. */
import type { MemberStatus } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { text } from '../text/admin-language.ts'
import { Asked } from './asked.tsx'

export function EvictMember({ member }: { readonly member: MemberStatus }): JSX.Element {
  const words = text.value.evict
  return (
    <Asked
      open={words.open}
      about={member.name}
      title={words.title(member.name)}
      stays={words.stays}
      label={words.do}
      perform={async () => void (await sendApi('DELETE', `/api/v1/members/${encodeURIComponent(member.id)}`))}
    />
  )
}
