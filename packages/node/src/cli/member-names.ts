/**
 * What the shops of the network are called: answers name a member by its id, a person knows it by its name.
 */
import { memberStatus } from '../http/answers.ts'
import type { NodeClient } from './node-client.ts'

/** A shop that is not a member any more keeps its id for a name. */
export async function readMemberNames(node: NodeClient): Promise<(id: string) => string> {
  const { items } = await node.readAll('/members', memberStatus)
  const names = new Map(items.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}
