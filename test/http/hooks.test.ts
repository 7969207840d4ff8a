/** Hints from the shop: only what is signed with its key is heard, and nothing of the body is used. */
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkStockmeshSignature } from '../../packages/node/src/connectors/stockmesh-signature.ts'
import type { HookDoor } from '../../packages/node/src/http/hooks.ts'
import { hookBodyBytesMax } from '../../packages/node/src/http/limits.ts'
import { sendAndCut } from '../harness/raw-http.ts'
import { openRunningApp, type RunningApp } from './running-app.ts'

const key = 'the-key-of-the-shop'
let app: RunningApp
let check: HookDoor['check']
let hints = 0

beforeEach(async () => {
  hints = 0
  check = (hint) => checkStockmeshSignature(hint, ['another', key])
  app = await openRunningApp({
    hooks: {
      door: () => ({ connector: 'builtin', check }),
      now: () => 0,
      onHint: () => void (hints += 1),
    },
  })
})

afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

function sign(body: string, by = key): string {
  return `v1=${createHmac('sha256', by).update(body).digest('hex')}`
}

async function hint(body: string, signature: string | null, path = '/hooks/builtin'): Promise<[number, string | null]> {
  const headers = signature === null ? {} : { 'stockmesh-signature': signature }
  const { status, json } = await app.send(path, { method: 'POST', headers, body })
  return [status, (json as { error?: { code: string } } | null)?.error?.code ?? null]
}

test('what is signed with one of the keys is heard, whatever it says', async () => {
  for (const body of ['', '{}', '{"sku":"A","stock":37}', 'not JSON', '\u0000']) {
    expect(await hint(body, sign(body)), body).toEqual([202, null])
  }
  expect(await hint('x', sign('x', 'another'))).toEqual([202, null])
  expect(hints).toBe(6)
})

test('what is not signed, or not with the key, or signed for another body is refused', async () => {
  const body = '{"sku":"A","stock":37}'
  const refused = [
    null,
    '',
    'v1=',
    'v1=zz',
    sign(body, 'guess'),
    sign(`${body} `),
    sign(body).toUpperCase(),
    'Bearer x',
  ]
  for (const signature of refused) {
    expect(await hint(body, signature), String(signature)).toEqual([401, 'signature-invalid'])
  }
  expect(hints).toBe(0)
})

test('a packed body and one that does not arrive whole are refused, and nothing fails inside', async () => {
  const packed = { 'content-encoding': 'gzip', 'stockmesh-signature': sign('x') }
  expect((await app.send('/hooks/builtin', { method: 'POST', headers: packed, body: 'x' })).status).toBe(415)
  await sendAndCut(app.url, 'POST /hooks/builtin HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":')
  expect(await hint('{}', sign('{}'))).toEqual([202, null])
  expect(app.logged).toEqual([])
  expect(hints).toBe(1)
})

test('a large body, another connector and another method are refused', async () => {
  const large = 'x'.repeat(hookBodyBytesMax + 1)
  expect(await hint(large, sign(large))).toEqual([413, 'body-too-large'])
  expect(await hint('{}', sign('{}'), '/hooks/other')).toEqual([404, 'not-found'])
  expect((await app.send('/hooks/builtin')).status).toBe(405)
  expect(hints).toBe(0)
})

test('a ping of the shop is answered with 200 and starts nothing', async () => {
  check = () => 'ping'
  expect(await hint('webhook_id=7', null)).toEqual([200, null])
  expect(hints).toBe(0)
})

test('a shop that sends no hints has no address for them', async () => {
  check = null
  expect(await hint('{}', sign('{}'))).toEqual([404, 'not-found'])
  expect(hints).toBe(0)
})

test('a platform hears the bytes of the body and the headers by their lower-case names', async () => {
  const heard: unknown[] = []
  check = ({ body, headers, now }) => {
    heard.push(Buffer.from(body).toString('hex'), headers['stockmesh-signature'], now)
    return 'hint'
  }
  expect(await hint('\u00e6 \u0000', 'v1=1')).toEqual([202, null])
  expect(heard).toEqual(['c3a62000', 'v1=1', 0])
})
