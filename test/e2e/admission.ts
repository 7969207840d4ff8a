/** A shop asks another one to be let in, and is. */
import { eventually } from '../harness/eventually.ts'
import type { Member } from '../harness/network.ts'

export async function requestAndAccept(joining: Member, accepting: Member, importWhenAccepted: boolean): Promise<void> {
  await joining.api.join(accepting.link.url, { importWhenAccepted })
  const { id, code } = await eventually('the request is seen', async () => {
    const join = await joining.api.joinState()
    return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
  })
  await accepting.api.accept(id, code)
}
