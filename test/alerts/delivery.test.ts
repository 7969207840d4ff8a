/** An alert on its way: what a webhook and a mail server get, and what is never reached. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { type AlertMessage, alertMessage } from '../../packages/node/src/alerts/alert-message.ts'
import { sendEmail } from '../../packages/node/src/alerts/email.ts'
import { findTarget } from '../../packages/node/src/alerts/reach.ts'
import { sendWebhook } from '../../packages/node/src/alerts/webhook.ts'
import { MailSink, WebhookSink } from '../harness/alert-sinks.ts'
import { pickPort } from '../harness/port.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const { signal } = new AbortController()
const owned: AsyncDisposable[] = []

afterEach(async () => {
  for (const one of owned.splice(0)) await one[Symbol.asyncDispose]()
})

function own<T extends AsyncDisposable>(one: T): T {
  owned.push(one)
  return one
}

function message(language: 'da' | 'en', count = 1): AlertMessage {
  const items = Array.from({ length: count }, (_, index) => ({
    id: `k${index}`,
    name: `Æske-${index}`,
    units: -2,
    since: null,
  }))
  const shop = { id: 'abc', name: 'Butik DK', url: 'https://stock.shop.example' }
  return alertMessage({ id: 'f00d', kind: 'oversold', at: now, items }, shop, language)
}

test('a webhook gets the message with a signature over time and body', async () => {
  const sink = own(await WebhookSink.open())
  expect(await sendWebhook({ url: sink.url, secret: 'hemmelig' }, message('en'), now, signal)).toMatchObject({
    ok: true,
  })
  const [post] = sink.received
  expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'f00d' })
  const [, seconds = '', given = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(post?.headers['stockmesh-signature'])) ?? []
  expect(Number(seconds)).toBe(now / 1_000)
  expect(given).toBe(
    createHmac('sha256', 'hemmelig')
      .update(`${seconds}.${post?.body ?? ''}`)
      .digest('hex'),
  )
  expect(JSON.parse(post?.body ?? '')).toEqual({
    id: 'f00d',
    kind: 'oversold',
    at: '2026-03-01T12:00:00.000Z',
    shop: { id: 'abc', name: 'Butik DK', url: 'https://stock.shop.example' },
    count: 1,
    items: [{ name: 'Æske-0', units: -2, since: null }],
    subject: 'Butik DK: 1 SKU is oversold',
    text: expect.stringContaining('Æske-0: -2') as string,
  })
  await sendWebhook({ url: sink.url, secret: null }, message('en'), now, signal)
  expect(sink.received[1]?.headers).not.toHaveProperty('stockmesh-signature')
})

test('the check of the signature in the documentation takes the message and nothing else', async () => {
  const sink = own(await WebhookSink.open())
  await sendWebhook({ url: sink.url, secret: 'hemmelig' }, message('da'), now, signal)
  const [post] = sink.received
  const shown =
    /```js\n([^]*?)```/.exec(readFileSync(new URL('../../docs/ALERTS.md', import.meta.url), 'utf8'))?.[1] ?? ''
  const { isFromMyNode } = (await import(`data:text/javascript,${encodeURIComponent(shown)}`)) as {
    isFromMyNode: (header: string, body: string, secret: string, nowSeconds: number) => boolean
  }
  const [header, body] = [String(post?.headers['stockmesh-signature']), post?.body ?? '']
  expect(isFromMyNode(header, body, 'hemmelig', now / 1_000 + 10)).toBe(true)
  expect(isFromMyNode(header, `${body} `, 'hemmelig', now / 1_000)).toBe(false)
  expect(isFromMyNode(header, body, 'gættet', now / 1_000)).toBe(false)
  expect(isFromMyNode(header, body, 'hemmelig', now / 1_000 + 301)).toBe(false)
  expect(isFromMyNode('', body, 'hemmelig', now / 1_000)).toBe(false)
})

test('a redirect, a refusal and silence are no delivery', async () => {
  const sink = own(await WebhookSink.open())
  const other = own(await WebhookSink.open())
  sink.status = 307
  sink.location = other.url
  const target = { url: sink.url, secret: null }
  expect(await sendWebhook(target, message('en'), now, signal)).toMatchObject({ code: 'target-refused' })
  sink.status = 500
  expect(await sendWebhook(target, message('en'), now, signal)).toMatchObject({ code: 'target-refused' })
  expect(other.received).toEqual([])
  const nobody = { url: `http://127.0.0.1:${await pickPort()}/`, secret: null }
  expect(await sendWebhook(nobody, message('en'), now, signal)).toMatchObject({ code: 'target-unreachable' })
})

test('27: no alert goes to a link-local address or a wrapped one, and to a public one encrypted only', async () => {
  for (const host of ['169.254.169.254', '[fe80::1]', '[64:ff9b::7f00:1]', '[fd00:ec2::254]', '224.0.0.1', '0.0.0.0']) {
    expect(await findTarget(host), host).toMatchObject({ code: 'address-refused' })
    const url = `https://${host}/`
    expect(await sendWebhook({ url, secret: null }, message('en'), now, signal)).toMatchObject({
      code: 'address-refused',
    })
    const mail = { smtpUrl: `smtps://${host}`, from: 'a@shop.example', to: 'b@shop.example' }
    expect(await sendEmail(mail, message('en'), signal)).toMatchObject({ code: 'address-refused' })
  }
  expect(await sendWebhook({ url: 'http://8.8.8.8/', secret: null }, message('en'), now, signal)).toMatchObject({
    code: 'target-not-encrypted',
  })
  expect(await findTarget('8.8.8.8')).toEqual({
    ok: true,
    value: { address: '8.8.8.8', isPublic: true, servername: null },
  })
  expect(await findTarget('localhost')).toMatchObject({ value: { isPublic: false, servername: 'localhost' } })
})

test('an e-mail comes with subject and text in the language of the shop; a wrong password is said without it', async () => {
  const sink = own(await MailSink.open('lager', 'hem:me@lig'))
  const target = { smtpUrl: sink.url('lager', 'hem:me@lig'), from: 'lager@shop.example', to: 'chef@shop.example' }
  expect(await sendEmail(target, message('da', 12), signal)).toEqual({ ok: true, value: undefined })
  const [mail] = sink.received
  expect(mail).toMatchObject({ from: 'lager@shop.example', to: ['chef@shop.example'] })
  expect(mail?.source).toContain('Subject: Butik DK: 12 varenumre er oversolgt')
  expect(mail?.source).toContain('Message-ID: <f00d@shop.example>')
  const wrong = await sendEmail({ ...target, smtpUrl: sink.url('lager', 'forkert-kode') }, message('da'), signal)
  expect(wrong).toMatchObject({ ok: false, code: 'target-refused' })
  expect(JSON.stringify(wrong)).not.toContain('forkert')
  expect(sink.received).toHaveLength(1)
})

test('five hundred at once are one message with the count and the first ten', () => {
  const large = message('da', 500)
  expect(large.count).toBe(500)
  expect(large.items).toHaveLength(10)
  expect(large.text).toContain('... og 490 mere')
  expect(large.text).not.toContain('Æske-10')
  expect(large.text.length).toBeLessThan(1_000)
})
