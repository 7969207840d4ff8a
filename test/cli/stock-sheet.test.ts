/**
 * Stock counts and deliveries as spreadsheets write them.
 */
import { describe, expect, test } from 'vitest'
import { parseStockSheet } from '../../packages/node/src/cli/stock-sheet.ts'

const two = [
  { sku: 'A', quantity: 1 },
  { sku: 'B', quantity: 20 },
]

describe('a sheet', () => {
  test.each([
    ['commas, without a head', 'A,1\nB,20\n'],
    ['semicolons, with a head and a mark at its beginning', '\uFEFFsku;quantity\r\nA;1\r\nB;20\r\n'],
    ['tabs', 'A\t1\nB\t20'],
    ['other columns between', 'name,SKU,price,Quantity\nKop,A,"1,50",1\n"Krus, stort",B,3,20\n'],
    ['Danish names', 'Varenr.;Antal\nA;1\nB;20\n'],
    ['empty lines and white space', '\n A , 1 \n\nB,20\n,\n'],
  ])('%s', (_name, text) => {
    expect(parseStockSheet(text, null)).toEqual({ lines: two, faults: [] })
  })

  test('an SKU keeps what belongs to it', () => {
    const skus = ['a/b', '../x', 'with space', 'Æ', '__proto__', '007', '1e5', "'quoted", 'x'.repeat(500)]
    const { lines, faults } = parseStockSheet(skus.map((sku) => `"${sku}";1\n`).join(''), null)
    expect(faults).toEqual([])
    expect(lines.map(({ sku }) => sku)).toEqual(skus)
  })

  test('what our own lists wrote for a spreadsheet is read back as it was', () => {
    expect(parseStockSheet("sku,level\n'-ABC,1\n'=1+1,2\n", null).lines.map(({ sku }) => sku)).toEqual(['-ABC', '=1+1'])
  })

  test('unsent units only where they mean something', () => {
    const text = 'sku,quantity,unsent\nA,5,2\nB,5,\n'
    expect(parseStockSheet(text, 'unsent').lines).toEqual([
      { sku: 'A', quantity: 5, unsent: 2 },
      { sku: 'B', quantity: 5 },
    ])
    expect(parseStockSheet(text, null).lines[0]).toEqual({ sku: 'A', quantity: 5 })
  })

  test.each([
    ['A,1.000', 'Line 1: "1.000" is not a whole number of units.'],
    ['A;-1', 'Line 1: "-1" is not a whole number of units.'],
    ['A,', 'Line 1: "" is not a whole number of units.'],
    ['item;number\nA;1', 'Line 1: "number" is not a whole number of units.'],
    ['A,1\nA,1', 'Line 2: A stands in line 1 already.'],
    ['', 'The file has no lines with an SKU and a quantity.'],
    ['sku,quantity\n', 'The file has no lines with an SKU and a quantity.'],
    ['"A,1\n', 'The file is not CSV: '],
    ['<!doctype html>', 'Line 1: "" is not a whole number of units.'],
  ])('%j is a fault, never a guess', (text, fault) => {
    expect(parseStockSheet(text, null).faults[0]).toContain(fault)
  })
})
