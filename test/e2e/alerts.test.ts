/**
 * Alerts from a running node to a webhook and a mail server: each once, also when the webhook was down and the node was
 * killed meanwhile; a target that fails is a problem.
 */
import { createHmac } from 'node:crypto'
import type { AlertTestAnswer } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { MailSink, WebhookSink } from '../harness/alert-sinks.ts'
import { ApiRefusal } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'
import { pickPort } from '../harness/port.ts'
import { sell } from './trade.ts'

const secret = 'a-secret-of-the-webhook'

interface Told {
  readonly id: string
  readonly kind: string
  readonly count: number
  readonly items: readonly { readonly name: string; readonly units: number | null }[]
}

function toldIn(sink: WebhookSink): Told[] {
  return sink.received.map(({ headers, body }) => {
    const [, seconds = '', given = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers['stockmesh-signature'])) ?? []
    expect(given).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'))
    return JSON.parse(body) as Told
  })
}

test('what is oversold is told once by webhook and by e-mail, also after the webhook was down and the node killed', async () => {
  await using network = await Network.open({ names: ['M'] })
  await using mail = await MailSink.open('lager', 'kode-til-mail')
  const m = network.member('M')
  const skus = Array.from({ length: 60 }, (_, index) => `UDSOLGT-${index}`)
  await fillShop(
    m,
    [...skus, 'ROLIG'].map((sku) => ({ sku, name: sku, stock: 1 })),
  )
  await network.found()
  await expect(m.api.call('POST', '/settings/alerts/test')).rejects.toSatisfy(
    (error) => error instanceof ApiRefusal && error.code === 'alerts-not-set',
  )

  const port = await pickPort()
  const webhook = { alertWebhookUrl: `http://127.0.0.1:${port}/alerts?shop=1`, alertWebhookSecret: secret }
  const email = { alertEmailTo: 'chef@shop.example', alertSmtpUrl: mail.url('lager', 'kode-til-mail') }
  await m.api.call('PATCH', '/settings', { body: { ...webhook, ...email, language: 'da' } })
  const tried: AlertTestAnswer = await m.api.call('POST', '/settings/alerts/test')
  expect(tried.results).toMatchObject([
    { target: 'webhook', delivered: false, code: 'target-unreachable' },
    { target: 'email', delivered: true, code: null },
  ])
  expect(mail.received[0]?.source).toContain('fra_Stockmesh')

  for (const sku of skus) await sell(m, sku, 2, true)
  const told = await eventually('the mail is there', () => mail.received.slice(1).length > 0 && mail.received.slice(1))
  expect(told[0]).toMatchObject({ to: ['chef@shop.example'] })
  const failed = await eventually('the webhook is a problem', async () =>
    (await m.api.problems()).find(({ kind }) => kind === 'alert-failed'),
  )
  expect(failed).toMatchObject({ details: { target: 'webhook', code: 'target-unreachable' } })
  await m.node.restart()

  await using sink = await WebhookSink.open(port)
  await eventually('the webhook has it', () => sink.received.length > 0)
  const [first] = toldIn(sink)
  expect(first).toMatchObject({ kind: 'oversold' })
  expect(first?.items.length).toBe(Math.min(10, first?.count ?? 0))
  await eventually('the problem is gone', async () =>
    (await m.api.problems()).every(({ kind }) => kind !== 'alert-failed'),
  )
  // A second test comes behind everything that was to be told by then.
  await m.node.restart()
  const again: AlertTestAnswer = await m.api.call('POST', '/settings/alerts/test')
  expect(again.results.map(({ delivered }) => delivered)).toEqual([true, true])
  expect(toldIn(sink).at(-1)?.kind).toBe('test')
  // A node that is killed between a delivery and its note of it delivers that one message again, under the same id.
  const all = [...new Map(toldIn(sink).map((one) => [one.id, one])).values()]
  const units = all.filter(({ kind }) => kind === 'oversold').reduce((sum, { count }) => sum + count, 0)
  expect(units).toBeLessThanOrEqual(skus.length)
  for (const hidden of [secret, 'kode-til-mail']) {
    expect(m.node.output).not.toContain(hidden)
    expect(JSON.stringify(await m.api.call('GET', '/settings'))).not.toContain(hidden)
  }
})
