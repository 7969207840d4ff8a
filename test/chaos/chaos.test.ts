/** The black-box checker in a short form: three shops, a few seconds of faults, and a whole verdict. */
import { expect, test } from 'vitest'
import { createRandom } from '../replay/random.ts'
import { planRun } from './plan.ts'
import { RelayGround } from './relay-ground.ts'
import { run } from './run.ts'

test('adds at random shops under kill -9 and dropped lines: final reads are valid, equal and complete', async () => {
  const said: string[] = []
  const faults = ['kill-node', 'kill-shop', 'cut', 'one-way', 'lost-answers'] as const
  const plan = planRun({
    seed: 3,
    members: 3,
    skus: 12,
    rounds: 1,
    roundMs: 6_000,
    operationsPerSecond: 20,
    faults,
    rejoins: false,
  })
  const random = createRandom(3)
  await using ground = await RelayGround.open(['One', 'Two', 'Three'], () => random.between(0, 999) / 1_000)
  const report = await run(plan, ground, (line) => said.push(line))
  const story = [...said, ...report.findings.map(({ says }) => says), report.outputs].join('\n')
  expect(report.findings, story).toEqual([])
  expect(report.restMs, story).not.toContain(null)
  expect(report.acknowledged, story).toBeGreaterThan(50)
  expect(Object.keys(report.faults).length, story).toBeGreaterThan(1)
})
