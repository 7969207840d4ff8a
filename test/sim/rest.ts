/** When a world has come to rest: every node is in the network, in step, and has read all that its shop can tell. */
import { missingHistory } from './history.ts'
import type { World } from './world.ts'

/** Why the world is not at rest; null if it is. */
export function restlessness(world: World): string | null {
  for (const each of world.nodes) {
    if (each.node === null) return `${each.name} is not open`
    const { network, pending, import: progress, stock } = each.facade.status()
    if (network === null) return `${each.name} is in no network`
    if (network.members.length !== world.nodes.length) return `${each.name} knows ${network.members.length} members`
    if (progress.state !== 'done') return `${each.name} is at the import: ${progress.state}`
    const { position } = each.node.shop.book.feed ?? { position: 0 }
    // What a node cannot know yet it cannot say, either.
    if (position < each.shop.feedEnd) return `${each.name} has read its shop up to ${position} of ${each.shop.feedEnd}`
    const missing = missingHistory(world, each.node)
    if (missing !== null) return `${each.name} misses movements of ${missing}`
    if (!network.inStep) {
      return `${each.name} is not in step: ${JSON.stringify({ pending, stock })} ${network.members.map(({ name, online, behind }) => `${name} ${online} ${behind}`).join(', ')}`
    }
  }
  return null
}
