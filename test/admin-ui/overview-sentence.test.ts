/** The overview's one sentence and its honest variants. */
import { describe, expect, it } from 'vitest'
import type { JoinAnswer, MemberStatus, StatusAnswer } from '@stockmesh/protocol/api'
import { overviewSentence } from '../../packages/admin-ui/src/admin/overview-sentence.ts'
import { createText } from '../../packages/admin-ui/src/text/da/admin.ts'
import { createFormat } from '../../packages/admin-ui/src/text/format.ts'
import { nothingStopped } from '../harness/status.ts'

const nowMs = Date.parse('2030-05-04T10:00:00Z')
const format = createFormat('da-DK')
const text = createText(format).sentence
const noJoin: JoinAnswer = { state: 'none' }

function member(name: string, online = true): MemberStatus {
  return {
    id: name,
    name,
    url: 'http://127.0.0.1:7400',
    self: name === 'M',
    online,
    lastContactAt: online ? null : '2030-05-04T09:30:00Z',
    behind: 0,
    release: null,
    clockAheadMs: null,
    import: null,
    shopState: null,
  }
}

const calm: StatusAnswer = {
  node: { id: 'M', name: 'M', url: 'http://127.0.0.1:7400', release: '0.1.0' },
  shop: { connector: 'builtin', promise: 'exact', state: 'connected', lastContactAt: null, url: null, location: null },
  network: { id: 'n', inStep: true, evicted: false, members: [member('M'), member('E'), member('T')] },
  import: { state: 'done', done: 4182, total: 4182 },
  stock: { skus: 4182, matched: 4182, oversold: 0, problems: 0 },
  pending: { in: 0, out: 0, shop: 0 },
  lastChangeAt: '2030-05-04T09:59:48Z',
  ...nothingStopped,
}

function say(changes: Partial<StatusAnswer>, join: JoinAnswer = noJoin): { tone: string; words: string } {
  const sentence = overviewSentence({ ...calm, ...changes }, join, text, format, nowMs)
  return { tone: sentence.tone, words: [sentence.headline, ...sentence.also, sentence.facts].join(' ') }
}

describe('the sentence', () => {
  it('says that all is well in the words of the first page of the manual', () => {
    expect(say({})).toEqual({
      tone: 'good',
      words: 'Alt er synkroniseret. 3 butikker, 4.182 varer, sidste ændring for 12 sekunder siden.',
    })
  })

  it('says that this shop is paused, and not that numbers are being compared', () => {
    const { tone, words } = say({
      shop: { ...calm.shop, state: 'paused' },
      network: { id: 'n', inStep: false, evicted: false, members: [member('M'), member('E')] },
    })
    expect(tone).toBe('attention')
    expect(words).toMatch(/^Butikken er på pause: /)
    expect(words).not.toMatch(/sammenligne|Alt/)
  })

  it('says first that everything is stopped, and nothing of being in step', () => {
    const { tone, words } = say({
      stopAll: { stopped: true, since: '2030-05-04T09:59:48Z', by: 'M', unheard: ['E'] },
      stock: { skus: 10, matched: 10, oversold: 0, problems: 2 },
    })
    expect(tone).toBe('attention')
    expect(words).toMatch(/^Alt er stoppet: .* 2 problemer venter på dig\./)
    expect(words).not.toMatch(/synkroniseret/)
  })

  it('never says so while the proof is missing', () => {
    const { tone, words } = say({
      network: { id: 'n', inStep: false, evicted: false, members: [member('M'), member('E')] },
    })
    expect(tone).toBe('busy')
    expect(words).toMatch(/^Butikkerne er ved at sammenligne deres tal\./)
    expect(words).not.toMatch(/Alt/)
  })

  it('counts what is on the way, in, out and into the shop', () => {
    const { words } = say({ pending: { in: 1, out: 10, shop: 1 } })
    expect(words).toMatch(/^12 ændringer på vej\./)
    expect(words).not.toMatch(/Alt/)
  })

  it('names the shop that is out of reach and since when', () => {
    const { tone, words } = say({
      network: { id: 'n', inStep: false, evicted: false, members: [member('M'), member('E', false)] },
    })
    expect(tone).toBe('attention')
    expect(words).toMatch(/^E har været uden kontakt siden \d\d\.\d\d\./)
    expect(words).not.toMatch(/Alt/)
  })

  it('names all of them when there are several', () => {
    const members = [member('M'), member('E', false), member('T', false)]
    expect(say({ network: { id: 'n', inStep: false, evicted: false, members } }).words).toMatch(
      /^E og T er uden kontakt\./,
    )
  })

  it('adds that the rest is in step when problems are all there is', () => {
    const { words } = say({ stock: { skus: 10, matched: 10, oversold: 1, problems: 2 } })
    expect(words).toMatch(/^2 problemer venter på dig\. 1 vare er oversolgt\. Alt andet er synkroniseret\./)
  })

  it('says that a shop is alone, with and without a network', () => {
    expect(say({ network: { id: 'n', inStep: true, evicted: false, members: [member('M')] } }).words).toMatch(
      /eneste i netværket/,
    )
    const unconnected = say({ network: null, import: { state: 'idle', done: 0, total: 0 }, lastChangeAt: null })
    expect(unconnected.tone).toBe('quiet')
    expect(unconnected.words).toBe(
      'Butikken er endnu ikke forbundet med andre. 1 butik, 4.182 varer, ingen ændringer endnu.',
    )
  })

  it('follows a join request and the import after it', () => {
    const idle = { network: null, import: { state: 'idle', done: 0, total: 0 } } as const
    const seen: JoinAnswer = {
      id: 'j',
      address: 'shop.example',
      code: 'AAAA-BBBB',
      state: 'seen',
      error: null,
      errorCode: null,
      expiresAt: '2030-05-11T10:00:00Z',
    }
    expect(say(idle, seen).words).toMatch(/^shop\.example har modtaget anmodningen/)
    expect(say(idle, { ...seen, state: 'accepted' }).words).toMatch(/^Anmodningen er godkendt\./)
    const running = { import: { state: 'running', done: 1711, total: 4182 } } as const
    expect(say(running, { ...seen, state: 'accepted' }).words).toMatch(/^Importen er i gang: 1\.711 af 4\.182\./)
    expect(say({}, { ...seen, state: 'accepted' }).words).toMatch(/^Alt er synkroniseret\./)
  })

  it('says plainly that the own shop cannot be reached', () => {
    expect(say({ shop: { ...calm.shop, state: 'unreachable' } }).words).toMatch(
      /^Noden kan ikke få kontakt til din butik\./,
    )
  })
})
