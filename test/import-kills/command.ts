/**
 * `npm run import-kills -- [--skus N] [--kills N] [--seed N]`: the killed import with its progress and its figures;
 * exit code 1 when any number differs.
 */
import { parseArgs } from 'node:util'
import { importUnderKills } from './import-kills.ts'

const differencesShown = 20

const { values } = parseArgs({
  options: {
    skus: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
})
const from = performance.now()
const say = (line: string) => console.log(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
const { kills, differences, ...figures } = await importUnderKills({
  skus: Number(values.skus),
  kills: Number(values.kills),
  seed: Number(values.seed),
  say,
})
console.log(
  [
    '',
    `SKUs in the joining shop  ${figures.skus}`,
    `orders                    ${figures.orders}, ${figures.units} units`,
    `processes killed          ${kills.length}`,
    `seconds of import         ${figures.importSeconds.toFixed(1)}`,
    `seconds to agreement      ${figures.agreementSeconds.toFixed(1)}`,
    '',
    differences.length === 0 ? 'Every number is exact.' : `${differences.length} differences:`,
    ...differences.slice(0, differencesShown).map((difference) => `  ${difference}`),
  ].join('\n'),
)
// Node 20 can wait for ever for the handles of sockets that were reset, once its loop has ended by itself.
process.exit(differences.length > 0 ? 1 : 0)
