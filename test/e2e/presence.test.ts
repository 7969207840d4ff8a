/**
 * What the members show of each other: release, import, shop and clock by their own word, and a wrong clock as a
 * problem while it is wrong.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'

const twoYearsMs = 2 * 365 * 86_400_000

function clockProblems({ api }: Member) {
  return api.problems().then((problems) => problems.filter(({ kind }) => kind === 'clock'))
}

test('18: E’s clock is two years slow: both show the skew, the numbers are right, and a right clock shows none', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'], clockShiftsMs: { E: -twoYearsMs } })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  await fillShop(m, [{ sku: 'UR-18', name: 'Ur', stock: 100 }])
  await fillShop(e, [{ sku: 'ur-18', name: 'Ur', stock: 40 }])
  await network.found()
  expect(await network.shopStocks('UR-18')).toEqual([100, 100, null])

  const ids = await Promise.all([m, e, t].map(async ({ api }) => (await api.status()).node.id))
  const [problem] = await eventually('M shows the skew', async () => {
    const found = await clockProblems(m)
    return found.length > 0 && found
  })
  expect(problem).toMatchObject({ member: ids[0], sku: null, count: 1, details: { member: ids[1], name: 'E' } })
  expect(Math.abs(Number(problem?.details['aheadMs']) + twoYearsMs)).toBeLessThan(60_000)
  expect(await clockProblems(m)).toHaveLength(1)
  const seenByE = await eventually('E shows it of both', async () => {
    const found = await clockProblems(e)
    return found.length === 2 && found
  })
  expect(seenByE.map(({ details }) => String(details['name'])).sort()).toEqual(['M', 'T'])

  const here = (await m.api.status()).node.release
  const members = await eventually('M shows how each of them stands', async () => {
    const shown = await m.api.members()
    for (const member of shown) {
      const rows = member.name === 'T' ? 0 : 1
      const progress = { state: 'done', done: rows, total: rows }
      expect(member, member.name).toMatchObject({ release: here, shopState: 'connected', import: progress })
    }
    return shown
  })
  const ahead = new Map(members.map(({ name, clockAheadMs }) => [name, clockAheadMs ?? Number.NaN]))
  expect(ahead.get('M')).toBe(0)
  expect(Math.abs(ahead.get('T') ?? Number.NaN)).toBeLessThan(60_000)

  // What was last heard of a member is still known while it is away; its clock is nobody's problem then.
  await e.node.kill()
  await eventually('the problem goes with the member', async () => (await clockProblems(m)).length === 0)
  expect((await m.api.members()).find(({ name }) => name === 'E')).toMatchObject({ online: false, release: here })
})
