/**
 * "Stop everything": no shop is written to until somebody lets them all go on, sales are counted all the while, and a
 * member that was away hears of it when it is back.
 */
import type { StopAllAnswer } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { sell, showsLevel } from './trade.ts'

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  e = network.member('E')
  await fillAlike(network, ['STOP-20', 'STOP-AWAY'], 20)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

const stopAll = (member: Member): Promise<StopAllAnswer> => member.api.call('POST', '/stop-all')
const resumeAll = (member: Member): Promise<StopAllAnswer> => member.api.call('POST', '/resume-all')
const stateOf = (member: Member): Promise<StopAllAnswer> => member.api.call('GET', '/stop-all')

test('stopped in one shop, none is written to, also after a restart, and any member lifts it', async () => {
  const stopped = await stopAll(m)
  expect(stopped).toMatchObject({ stopped: true, unheard: [] })
  expect(await stopAll(e)).toEqual(stopped)
  await sell(m, 'STOP-20', 3)
  await sell(e, 'STOP-20', 2)
  await eventually('both know of both sales', async () => {
    await showsLevel(m, 'STOP-20', 15)
    return await showsLevel(e, 'STOP-20', 15)
  })
  await e.node.restart()
  await eventually('E is back', () => showsLevel(e, 'STOP-20', 15))
  await sell(m, 'STOP-20', 1)
  await eventually('E has heard of it', () => showsLevel(e, 'STOP-20', 14))
  expect(await network.shopStocks('STOP-20')).toEqual([16, 18])
  expect((await e.api.status()).pending.shop).toBe(1)

  expect(await resumeAll(e)).toEqual({ stopped: false, since: null, by: null, unheard: [] })
  await network.untilEverywhere('STOP-20', 14)
  await network.untilAgreed()
  expect(await network.shopStocks('STOP-20')).toEqual([14, 14])
  const causes = (await m.api.log()).map(({ cause }) => cause)
  expect(causes).toContain('stopped-all')
  expect(causes).toContain('resumed-all')
})

test('who did not hear is named, and hears of it when it is back, before it writes anything', async () => {
  await e.node.kill()
  const { node } = await m.api.status()
  const away = (await m.api.members()).find(({ id }) => id !== node.id)
  await eventually('M misses E', async () => (await m.api.members()).some(({ online }) => !online))
  expect(await stopAll(m)).toMatchObject({ stopped: true, by: node.id, unheard: [away?.id] })
  expect((await m.api.status()).stopAll).toMatchObject({ stopped: true, by: node.id, unheard: [away?.id] })
  await e.node.start()
  await eventually('E has heard', async () => (await stateOf(e)).stopped)
  await eventually('M knows that E has heard', async () => (await stateOf(m)).unheard.length === 0)
  await sell(m, 'STOP-AWAY', 4)
  await eventually('E has heard of the sale', () => showsLevel(e, 'STOP-AWAY', 16))
  expect(await network.shopStocks('STOP-AWAY')).toEqual([16, 20])
  await resumeAll(e)
  expect((await e.api.status()).stopAll).toEqual({ stopped: false, since: null, by: null, unheard: [] })
  await network.untilEverywhere('STOP-AWAY', 16)
  await network.untilAgreed()
})
