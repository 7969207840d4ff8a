/**
 * Every list of a real node and its shop as CSV: the same items as its pages, in files that open in a spreadsheet
 * without running anything, also where they are longer than a page.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNodeClient, createShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'

const headers = { authorization: `Bearer ${adminToken}` }
const dangerous = ['=HYPERLINK("http://x","y")', '+1', '-1', '@SUM(A1)', '\tx', 'æ, "ø"\nå']

interface Description {
  readonly paths: Readonly<
    Record<string, { readonly get?: { readonly parameters?: readonly { readonly name: string }[] } }>
  >
}

test('every list of both interfaces has a .csv with the items of its pages, and answers HEAD', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-csv-'))
  try {
    await using node = await Program.start({
      name: 'node DK',
      args: ['start', '--name', '=DK'],
      folder,
      port: await pickPort(),
    })
    const problem = await fill(node.url)
    const answer = await fetch(`${node.url}/api/v1/openapi.json`)
    const { paths } = (await answer.json()) as Description
    const lists = Object.entries(paths).flatMap(([path, { get }]) => {
      const parameters = (get?.parameters ?? []).map(({ name }) => name)
      const isList = parameters.includes('limit') && parameters.includes('after') && !path.endsWith('.csv')
      // The node's own reading of the shop waits and counts, and is no list; of an import that is done there is no preview.
      return isList && !['/shop/v1/feed', '/api/v1/import/preview/items'].includes(path) ? [path] : []
    })
    expect(lists).toEqual(
      expect.arrayContaining([
        '/api/v1/stock',
        '/api/v1/log',
        '/api/v1/problems',
        '/shop/v1/orders',
        '/shop/v1/products',
      ]),
    )
    for (const list of lists) {
      const path = list.replace('{sku}', encodeURIComponent(dangerous[0] ?? '')).replace('{id}', problem)
      const items = await itemsOf(`${node.url}${path}`)
      const csv = await fetch(`${node.url}${path}.csv`, { headers })
      expect([path, csv.status, csv.headers.get('content-type')]).toEqual([path, 200, 'text/csv; charset=utf-8'])
      expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename=[\w-]+\.csv$/)
      const [columns = [], ...rows] = parseCsv(await csv.text())
      expect([path, rows]).toEqual([path, items.map((item) => columns.map((column) => cellOf(item[column])))])
      for (const cell of rows.flat()) if (!/^-\d+$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      const page = await fetch(`${node.url}${path}.csv?limit=2`, { headers })
      expect([path, parseCsv(await page.text())]).toEqual([path, [columns, ...rows.slice(0, 2)]])
      const head = await fetch(`${node.url}${path}.csv`, { method: 'HEAD', headers })
      expect([path, head.status, await head.text()]).toEqual([path, 200, ''])
      expect((await fetch(`${node.url}${path}.csv`)).status).toBe(401)
      expect((await fetch(`${node.url}${path}.csv?nonsense=1`, { headers })).status).toBe(400)
    }
    const counts = await Promise.all(
      ['/api/v1/stock', '/api/v1/log', '/shop/v1/products'].map(
        async (path) => (await itemsOf(node.url + path)).length,
      ),
    )
    for (const count of counts) expect(count).toBeGreaterThan(1_000)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** More than a page of products and of log lines, texts that a spreadsheet would run, and a problem; its id. */
async function fill(url: string): Promise<string> {
  const shop = createShopClient(url, adminToken)
  const api = createNodeClient(url, adminToken)
  for (const text of dangerous) await shop.createProduct({ sku: text, name: text, stock: 5 })
  for (let twice = 0; twice < 2; twice += 1) await shop.createProduct({ sku: 'DOBBELT', name: 'Kop', stock: 1 })
  const variants = Array.from({ length: 600 }, (_, index) => index)
  for (const part of ['A', 'B']) {
    const body = { sku: null, name: part, stock: null }
    await shop.call('POST', '/products', {
      body: {
        ...body,
        variants: variants.map((index) => ({ sku: `${part}-${index}`, name: `${part} ${index}`, stock: 9 })),
      },
    })
  }
  await api.startImport()
  await eventually('the import is done', async () => (await api.importState()).state === 'done')
  for (const part of ['A', 'B']) {
    await shop.placeOrder({ lines: variants.map((index) => ({ sku: `${part}-${index}`, quantity: 1 })) })
  }
  await shop.placeOrder({ lines: dangerous.map((sku) => ({ sku, quantity: 1 })) })
  await eventually(
    'all is counted',
    async () => (await api.log()).length > 1_200 && (await api.status()).pending.shop === 0,
  )
  return (await api.problems())[0]?.id ?? ''
}

async function itemsOf(url: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Record<string, unknown>[] = []
  let after: string | null = null
  do {
    const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const answer = await fetch(`${url}?limit=400${cursor}`, { headers })
    const page = (await answer.json()) as { items: Record<string, unknown>[]; next: string | null }
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

/** What stands in a cell, as RFC 4180 and the rule on formulas have it. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cells = text.replace(/^\uFEFF/, '').matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)
  for (const [, cell = '', end] of cells) {
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
