/**
 * Figures as a table for people and as JSON for machines, both with the ratios to the peer and to the limit.
 */
import type { Figure, Report } from './benchmark.ts'
import type { Machine } from './machine.ts'

const titles = ['', 'unit', 'ours', 'peer', 'limit', 'ours/peer', 'ours/limit', 'target']

export function formatReport({ name, peer, limit, figures }: Report): string {
  const rows = [titles, ...figures.map(rowOf)]
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
  return `${name}\n${lines.join('\n')}\npeer: ${peer}\nlimit: ${limit}\n`
}

export function formatMachine({ processor, cores, loadAverage, node, system }: Machine): string {
  return `${cores} x ${processor}, Node ${node}, ${system}; load ${loadAverage} at the start\n`
}

export function toJson(machine: Machine, reports: readonly Report[]): string {
  const withRatios = reports.map((report) => ({
    ...report,
    figures: report.figures.map((figure) => ({ ...figure, ...ratiosOf(figure) })),
  }))
  return JSON.stringify({ machine, benchmarks: withRatios }, null, 2)
}

function rowOf(figure: Figure): string[] {
  const { measure, unit, ours, peer, limit, target } = figure
  const { oursToPeer, oursToLimit } = ratiosOf(figure)
  return [measure, unit, ...[ours, peer, limit, oursToPeer, oursToLimit].map(numberText), target ?? '']
}

function ratiosOf({ ours, peer, limit }: Figure): { oursToPeer: number | null; oursToLimit: number | null } {
  return { oursToPeer: ratio(ours, peer), oursToLimit: ratio(ours, limit) }
}

function ratio(ours: number, other: number | null): number | null {
  return other === null || other === 0 ? null : ours / other
}

/** Three digits are more than a measurement on a shared machine can mean. */
function numberText(value: number | null): string {
  if (value === null) return '-'
  return Math.abs(value) >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
