/**
 * Tables: aligned by what a person sees, as wide as the terminal, and never cut where nobody looks.
 */
import { expect, test } from 'vitest'
import { openTable, printTable, type Column } from '../../packages/node/src/cli/table.ts'
import { FakeTerminal } from './fake-terminal.ts'

interface Row {
  readonly sku: string
  readonly name: string
}

const columns: readonly Column<Row>[] = [
  { title: 'SKU', cell: ({ sku }) => sku },
  { title: 'NAME', isFlexible: true, cell: ({ name }) => name },
]
const row = { sku: 'A-1234567890', name: 'A very long name of a cup with a handle' }

test('a name is cut at the edge of the terminal, an SKU never is', () => {
  const terminal = new FakeTerminal()
  terminal.columns = 30
  printTable(terminal, columns, [row])
  expect(terminal.out.split('\n')).toEqual(['SKU           NAME', 'A-1234567890  A very long nam…', ''])
  terminal.columns = 10
  terminal.out = ''
  printTable(terminal, columns, [row])
  expect(terminal.out).toContain('A-1234567890  A very lo…')
})

test('where nobody looks nothing is cut', () => {
  const terminal = new FakeTerminal()
  printTable(terminal, columns, [row])
  expect(terminal.out).toContain(row.name)
})

test('letters that are wide or made of several count as they are seen', () => {
  const terminal = new FakeTerminal()
  printTable(terminal, columns, [
    { sku: '寿司', name: 'x' },
    { sku: 'e\u0301', name: 'y' },
    { sku: 'abcd', name: 'z' },
  ])
  expect(terminal.out.split('\n').slice(1, 4)).toEqual(['寿司  x', 'e\u0301     y', 'abcd  z'])
})

test('a table that grows has one head and never gets narrower', () => {
  const terminal = new FakeTerminal()
  const print = openTable(terminal, columns)
  print([])
  print([{ sku: 'LONG-SKU', name: 'a' }])
  print([{ sku: 'B', name: 'b' }])
  expect(terminal.out.split('\n')).toEqual(['SKU  NAME', 'LONG-SKU  a', 'B         b', ''])
})
