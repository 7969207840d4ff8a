/** What a replay found, as lines for a person. */
import type { ReplayReport } from './replay.ts'

const differencesShown = 60

export function formatReport(report: ReplayReport): string {
  const { kills, residentBytes, differences } = report
  const memory = residentBytes.map(({ node, bytes }) => `${node} ${formatMegabytes(bytes)}`)
  return [
    `order lines           ${report.lines}`,
    `SKUs                  ${report.skus}, of these sold below zero ${report.oversold}`,
    `orders                ${report.orders}, sent again ${report.retries} times`,
    `links cut             ${report.cuts}`,
    `processes killed      ${kills.length}`,
    ...kills.map(({ program, ordersInFlight }) => `  ${program.padEnd(20)}${ordersInFlight} orders in flight`),
    `placed a second       ${report.ordersPerSecond.toFixed(0)} orders, ${report.linesPerSecond.toFixed(0)} lines`,
    `seconds to agreement  ${report.agreementSeconds.toFixed(1)}`,
    `memory of the nodes   ${memory.join(', ')}`,
    '',
    differences.length === 0 ? 'Every number is exact.' : `${differences.length} differences:`,
    ...differences.slice(0, differencesShown).map((difference) => `  ${difference}`),
    ...(differences.length > differencesShown ? [`  and ${differences.length - differencesShown} more`] : []),
  ].join('\n')
}

function formatMegabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / 1024 / 1024).toFixed(0)} MB`
}
