/**
 * The stored membership: kept over restarts, carried by the network document, and given back when it vanishes there.
 */
import { encodeMembershipRecord, limits } from '@stockmesh/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually, SmallNode } from './small-node.ts'

const nodes: SmallNode[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.remove()
})

describe('stored membership', () => {
  it('stands after a restart, and takes only one founding', async () => {
    const m = await SmallNode.start('M')
    nodes.push(m)
    await m.found()
    expect(await m.membership.found({ url: m.url, name: 'again' })).toMatchObject({ code: 'already-in-a-network' })
    const { network } = m.membership
    await m.membership.rename('Mmm')
    await m.restart()
    expect(m.membership.network).toBe(network)
    expect(m.memberNames).toEqual(['Mmm'])
  })

  it('puts a record back that vanishes from the document', async () => {
    const m = await SmallNode.start('M')
    nodes.push(m)
    await m.found()
    await eventually(() => m.document !== null, 'the document is open')
    const records = m.document?.doc.getMap('records')
    await eventually(() => records?.size === 1, 'the document carries the founding')
    const [hash] = [...(records?.keys() ?? [])]
    records?.delete(hash ?? '')
    await eventually(() => records?.size === 1, 'it is back')
    records?.set(hash ?? '', new Uint8Array([1]))
    await eventually(
      () => records?.get(hash ?? '') instanceof Uint8Array && (records.get(hash ?? '') as Uint8Array).length > 1,
      'it is back as it was',
    )
    expect(m.memberNames).toEqual(['M'])
  })

  it('ignores garbage among the records', async () => {
    const m = await SmallNode.start('M')
    nodes.push(m)
    await m.found()
    await eventually(() => m.document !== null, 'the document is open')
    m.document?.doc.getMap('records').set('zz', new Uint8Array([1, 2, 3]))
    m.document?.doc.getMap('records').set('yy', 'text')
    await m.membership.add({ key: new Uint8Array(32).fill(3), url: 'http://127.0.0.1:9', name: 'X' })
    await eventually(() => m.memberNames.length === 2, 'records go on')
    expect(m.membership.records()).toHaveLength(2)
  })

  it('keeps a share of what a member signs without end, finds what stands behind junk, and removes that member', async () => {
    const [m, e] = [await SmallNode.start('M'), await SmallNode.start('E')]
    nodes.push(m, e)
    await m.found()
    const network = m.membership.network ?? ('' as never)
    await m.membership.add({ key: e.identity.publicKey, url: e.url, name: 'E' })
    const junk = m.document?.doc.getMap('records')
    m.document?.doc.transact(() => {
      for (let index = 0; index < 2 * limits.membershipRecordsMax; index += 1)
        junk?.set(`0${index}`, new Uint8Array([1]))
    })
    const header = { by: e.id, at: 1, after: m.membership.view?.heads ?? [] }
    const flood = Array.from({ length: limits.membershipRecordsOfShopMax + 40 }, (_, index) =>
      encodeMembershipRecord({ kind: 'rename', name: `E${index}` }, header, e.identity.sign),
    )
    m.document?.putRecords(flood)
    const held = 2 + limits.membershipRecordsOfShopMax
    await eventually(() => {
      // Each change gives the records that have not been judged another turn.
      m.document?.putSetting('turn', { at: m.membership.records().length })
      return m.membership.records().length === held
    }, 'the share is held')
    expect(await m.membership.remove(e.id)).toEqual({ ok: true, value: undefined })
    expect(m.memberNames).toEqual(['M'])
    expect(m.membership.records()).toHaveLength(held + 1)
    await m.restart()
    expect([m.membership.network, m.memberNames, m.membership.records().length]).toEqual([network, ['M'], held + 1])
  })

  it('says so when it has signed its own share itself', async () => {
    const m = await SmallNode.start('M')
    nodes.push(m)
    await m.found()
    const header = { by: m.id, at: 1, after: m.membership.view?.heads ?? [] }
    const names = Array.from({ length: limits.membershipRecordsOfShopMax - 1 }, (_, index) =>
      encodeMembershipRecord({ kind: 'rename', name: `M${index}` }, header, m.identity.sign),
    )
    await m.membership.receive(names)
    expect(await m.membership.rename('one more')).toMatchObject({ ok: false, code: 'membership-full' })
  })

  it('tells a removed shop that comes why it is out, and nothing of what came later', async () => {
    const [m, e] = [await SmallNode.start('M'), await SmallNode.start('E')]
    nodes.push(m, e)
    await m.found()
    await m.membership.add({ key: e.identity.publicKey, url: e.url, name: 'E' })
    await e.membership.adopt(m.membership.network ?? ('' as never), m.membership.records())
    await eventually(() => m.link.connected().has(e.id), 'a session stands')
    await e.stop()
    await m.membership.remove(e.id)
    await m.membership.add({ key: new Uint8Array(32).fill(7), url: 'http://127.0.0.1:9', name: 'Later' })
    expect(e.membership.isEvicted).toBe(false)
    await e.start()
    await eventually(() => e.membership.isEvicted, 'E knows that it is out')
    expect(e.memberNames).toEqual(['M'])
    expect(e.membership.records()).toHaveLength(3)
    expect(m.membership.isEvicted).toBe(false)
    expect(m.peers.size).toBe(0)
    expect(m.memberNames).toEqual(['M', 'Later'])
    await e.restart()
    expect(e.membership.isEvicted).toBe(true)
  })

  it('does not call it evicted when a shop leaves by itself', async () => {
    const [m, e] = [await SmallNode.start('M'), await SmallNode.start('E')]
    nodes.push(m, e)
    await m.found()
    await m.membership.add({ key: e.identity.publicKey, url: e.url, name: 'E' })
    await e.membership.adopt(m.membership.network ?? ('' as never), m.membership.records())
    await e.membership.remove(e.id)
    await eventually(() => m.memberNames.length === 1, 'M hears of it')
    expect([m.membership.isEvicted, e.membership.isEvicted]).toEqual([false, false])
  })

  it('never takes a removed key back', async () => {
    const m = await SmallNode.start('M')
    nodes.push(m)
    await m.found()
    const x = { key: new Uint8Array(32).fill(3), url: 'http://127.0.0.1:9', name: 'X' }
    await m.membership.add(x)
    const shop = m.membership.members[1]?.shopId ?? m.id
    expect((await m.membership.remove(shop)).ok).toBe(true)
    expect(await m.membership.add(x)).toMatchObject({ code: 'key-removed' })
    expect(await m.membership.remove(shop)).toMatchObject({ code: 'not-a-member' })
    expect(m.memberNames).toEqual(['M'])
  })
})
