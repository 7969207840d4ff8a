/**
 * A node that is put back to a backup from before its owner decided on a mass change: what was decided stands, nothing is
 * counted or written a second time, and what nobody can know is asked for.
 */
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runCommand } from '../harness/command.ts'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, Network } from '../harness/network.ts'
import { heldAt, untilLevels, upload } from './mass-change.ts'
import { sell } from './trade.ts'

const skus = Array.from({ length: 100 }, (_, index) => `MASSE-${index}`)
const changed = skus.slice(0, 80)

test.each([
  { when: 'before the change', decision: 'approve', level: 4 },
  { when: 'before the change', decision: 'use-network', level: 10 },
  { when: 'while it was held', decision: 'approve', level: 4 },
  { when: 'while it was held', decision: 'use-network', level: 10 },
])(
  'put back to $when, and decided with $decision since: $level stays',
  async ({ when, decision, level }) => {
    await using network = await Network.open({ names: ['M', 'E'] })
    const [m, e] = [network.member('M'), network.member('E')]
    await fillAlike(network, skus, 10)
    await network.found()
    await network.untilAgreed()
    const file = `${e.node.folder}.backup`
    const backUp = async (): Promise<void> => {
      const { code } = await runCommand(['backup', file, '--node', e.node.url, '--data', e.node.folder])
      expect(code).toBe(0)
    }
    if (when === 'before the change') await backUp()
    await upload(e, changed, 4)
    const held = await heldAt(e, 80)
    if (when !== 'before the change') await backUp()
    await e.api.act(held, decision)
    await untilLevels(network, changed, level)
    await sell(m, 'MASSE-0', 1)
    await network.untilEverywhere('MASSE-0', level - 1)
    await network.untilAgreed({ deadlineMs: 60_000 })

    await e.node.kill()
    await rm(e.node.folder, { recursive: true })
    expect(await runCommand(['restore', file, '--data', e.node.folder])).toMatchObject({ code: 0, err: '' })
    await sell(e, 'MASSE-1', 1)
    await e.node.start()
    await eventually('E knows again', async () => (await e.api.log()).some(({ cause }) => cause === 'restored'), {
      deadlineMs: 60_000,
    })
    await untilLevels(network, changed.slice(2), level)
    await network.untilEverywhere('MASSE-0', level - 1)
    // What was sold while the node was away is counted, or is the only thing that is asked for.
    await eventually('one unit is counted or listed', async () => {
      const problems = await e.api.problems()
      const [sold] = await network.levels('MASSE-1')
      if (sold === level - 1 && problems.length === 0) return true
      if (sold === level && problems.length === 1 && problems[0]?.details['units'] === 1) return true
      throw new Error(JSON.stringify({ sold, problems }))
    })
    expect(new Set(await network.shopStocks('MASSE-1'))).toContain(level - 1)
    for (const { api } of network.members) {
      expect((await api.problems()).map(({ kind }) => kind).filter((kind) => kind !== 'rollback')).toEqual([])
    }
    expect(new Set(await network.shopStocks('MASSE-5'))).toEqual(new Set([level]))
  },
  120_000,
)
