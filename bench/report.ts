/**
 * Figures as a table for people and as JSON for machines, both with the ratio of ours to each other column.
 */
import type { Figure, Report } from './benchmark.ts'
import type { Machine } from './machine.ts'

export function formatReport({ name, columns, figures }: Report): string {
  const titles = ['', 'unit', 'ours', ...columns.flatMap((column) => [column.name, `ours/${column.name}`]), 'target']
  const rows = [titles, ...figures.map(rowOf)]
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
  const notes = columns.map((column) => `${column.name}: ${column.about}`)
  return `${name}\n${[...lines, ...notes].join('\n')}\n`
}

export function formatMachine({ processor, cores, loadAverage, node, system }: Machine): string {
  return `${cores} x ${processor}, Node ${node}, ${system}; load ${loadAverage} at the start\n`
}

export function toJson(machine: Machine, reports: readonly Report[]): string {
  const withRatios = reports.map(({ name, columns, figures }) => ({
    name,
    columns,
    figures: figures.map(({ measure, unit, ours, beside, target }) => ({
      measure,
      unit,
      target,
      ours,
      beside: Object.fromEntries(
        columns.map((column, index) => {
          const value = beside[index] ?? null
          return [column.name, { value, ratio: ratio(ours, value) }]
        }),
      ),
    })),
  }))
  return JSON.stringify({ machine, benchmarks: withRatios }, null, 2)
}

function rowOf({ measure, unit, ours, beside, target }: Figure): string[] {
  const others = beside.flatMap((other) => [numberText(other), numberText(ratio(ours, other))])
  return [measure, unit, numberText(ours), ...others, target ?? '']
}

function ratio(ours: number | null, other: number | null): number | null {
  return ours === null || other === null || other === 0 ? null : ours / other
}

/** Three digits are more than a measurement on a shared machine can mean. */
function numberText(value: number | null): string {
  if (value === null) return '-'
  return Math.abs(value) >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
