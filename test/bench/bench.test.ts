/**
 * Benchmarks run, and print figures of all three sides; what the figures are is not a test's business. Two of them stand
 * for all, of one process and of several; `STOCKMESH_BENCH=all` has each of them run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const names = [
  'sale-latency',
  'import',
  'start',
  'absence',
  'connectors',
  'durable-changes',
  'replicas',
  'field',
  'sockets',
]
const run = process.env['STOCKMESH_BENCH'] === 'all' ? names : ['import', 'durable-changes']
const folder = fileURLToPath(new URL('../..', import.meta.url))

async function bench(...options: string[]): Promise<{ code: number | null; printed: string; told: string }> {
  const child = spawn('npm', ['run', '--silent', 'bench', '--', ...options], { cwd: folder, stdio: 'pipe' })
  let [printed, told] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, printed, told }
}

test('the help names every benchmark, and one that is not there is told', async () => {
  const { code, printed } = await bench('--help')
  expect(code).toBe(0)
  for (const name of names) expect(printed).toContain(name)
  const wrong = await bench('--only', 'nonsense')
  expect(wrong).toMatchObject({ code: 2, told: expect.stringContaining('There is no benchmark nonsense.') })
})

test('a short run prints a figure for everything that is measured', { timeout: 240_000 }, async () => {
  const { code, printed, told } = await bench('--short', '--json', ...run.flatMap((name) => ['--only', name]))
  expect(code, told).toBe(0)
  const { benchmarks } = JSON.parse(printed) as { benchmarks: { name: string; figures: { ours: number }[] }[] }
  expect(benchmarks.map(({ name }) => name.split(' ')[0])).toEqual(run)
  for (const { name, figures } of benchmarks) {
    expect(figures.length, name).toBeGreaterThan(2)
    for (const { ours } of figures) expect(typeof ours, name).toBe('number')
  }
})
