/**
 * The import of a large catalogue from a slow shop survives kills of its node while both shops sell, in a short form of
 * `npm run import-kills`.
 */
import { expect, test } from 'vitest'
import { importUnderKills } from '../import-kills/import-kills.ts'

test('21: an import of 1,000 SKUs that is killed 3 times while both shops sell ends exact', async () => {
  const said: string[] = []
  const report = await importUnderKills({ skus: 1_000, kills: 3, seed: 5, say: (line) => said.push(line) })
  const story = said.join('\n')
  expect(report.differences, story).toEqual([])
  expect(report.kills, story).toHaveLength(3)
  expect(
    report.kills.some(({ state }) => state === 'listing'),
    story,
  ).toBe(true)
  expect(report.orders, story).toBeGreaterThan(100)
})
