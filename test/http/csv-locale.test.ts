/** Lists as the spreadsheets of each language read them; what is plain stays as it was, byte for byte. */
import { languages } from '@stockmesh/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as danish from '../../packages/admin-ui/src/text/da/admin.ts'
import * as german from '../../packages/admin-ui/src/text/de/admin.ts'
import * as english from '../../packages/admin-ui/src/text/en/admin.ts'
import { createFormat } from '../../packages/admin-ui/src/text/format.ts'
import * as norwegian from '../../packages/admin-ui/src/text/nb/admin.ts'
import * as swedish from '../../packages/admin-ui/src/text/sv/admin.ts'
import { encodeCsv, encodeCsvHead } from '../../packages/node/src/http/csv.ts'
import { csvHead, csvWord } from '../../packages/node/src/http/csv-text.ts'
import { item } from './fake-node.ts'
import { bearer, openRunningApp, type RunningApp } from './running-app.ts'

const pages = { da: danish, sv: swedish, nb: norwegian, en: english, de: german }

describe('over HTTP', () => {
  let app: RunningApp
  beforeEach(async () => {
    app = await openRunningApp({})
    app.node.items = [item('Æ-29', 'Krus; "stort"', -7), item('=1+1', '-x', 4)]
  })
  afterEach(() => app[Symbol.asyncDispose]())

  test('Danish words with semicolons, and no formulas', async () => {
    const answer = await app.call('GET', '/api/v1/stock.csv?locale=da')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [head, ...lines] = answer.text.split('\r\n')
    expect(head).toBe('Varenr.;Navn;Lagerantal;Vises her;Butikken melder;Tilstand;Ændret (UTC)')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^Æ-29;"Krus; ""stort""";-7;0;0;Oversolgt;2026-03-01 10:00:00$/)
    expect(lines[1]).toMatch(/^'=1\+1;'-x;4;/)
  })

  test('English words with commas', async () => {
    const answer = await app.call('GET', '/api/v1/stock.csv?locale=en&limit=1')
    expect(answer.text).toMatch(/^SKU,Name,Stock,/)
    expect(answer.text.trimEnd().split('\r\n')).toHaveLength(2)
  })

  test('the mark stands before every list in a language, and before no plain one', async () => {
    const firstBytes = async (query: string): Promise<string> => {
      const answer = await fetch(`${app.url}/api/v1/stock.csv${query}`, { headers: bearer })
      return Buffer.from(await answer.arrayBuffer())
        .subarray(0, 3)
        .toString('hex')
    }
    for (const language of languages) expect(await firstBytes(`?locale=${language}`)).toBe('efbbbf')
    expect(await firstBytes('')).toBe(Buffer.from('sku').toString('hex'))
  })

  test('a language that there is not is refused, and the list itself takes no locale', async () => {
    for (const path of ['/stock.csv?locale=fi', '/stock.csv?locale=da&locale=sv', '/stock?locale=da']) {
      const answer = await app.call('GET', `/api/v1${path}`)
      expect([path, answer.status, answer.json.error]).toMatchObject([
        path,
        400,
        { code: 'query-invalid', details: { path: 'locale' } },
      ])
    }
  })
})

test('numbers have the decimal sign of the language, truths its words, and nothing is nothing', () => {
  const items = [{ level: 2.5, self: true, online: false, name: null }]
  const columns = ['level', 'self', 'online', 'name'] as const
  expect(encodeCsv(columns, items, 'de')).toBe('2,5;ja;nein;\r\n')
  expect(encodeCsv(columns, items, 'en')).toBe('2.5,yes,no,\r\n')
  expect(encodeCsv(columns, items, null)).toBe('2.5,true,false,\r\n')
  expect(encodeCsvHead(columns, null)).toBe('level,self,online,name\r\n')
})

test.each(languages)('states and causes are called as on the pages, and so are the columns (%s)', (language) => {
  const { products, log } = pages[language].createText(createFormat(language))
  for (const [state, word] of Object.entries(products.states)) expect(csvWord(language, 'state', state)).toBe(word)
  for (const [cause, word] of Object.entries(log.causes)) expect(csvWord(language, 'cause', cause)).toBe(word)
  expect(['sku', 'name', 'level', 'shown', 'shopLevel'].map((one) => csvHead(language, one as 'sku'))).toEqual([
    products.sku,
    products.name,
    products.level,
    products.shownHere,
    products.shopHas,
  ])
  expect(csvWord(language, 'state', 'constructor')).toBeNull()
})
