/**
 * Shops become members over real sockets: equal codes, acceptance, a third shop, and every state across restarts.
 */
import { encodeMembershipRecord, hashMembershipRecord, limits } from '@stockmesh/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually, SmallNode } from './small-node.ts'

const nodes: SmallNode[] = []

async function start(...names: string[]): Promise<SmallNode[]> {
  const started = await Promise.all(names.map((name) => SmallNode.start(name)))
  nodes.push(...started)
  return started
}

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.remove()
})

const outgoingState = (node: SmallNode): string => node.outgoing.current?.request.state ?? 'none'

async function ask(joiner: SmallNode, member: SmallNode): Promise<{ id: string; code: string }> {
  const asked = await joiner.outgoing.request(member.address, false)
  if (!asked.ok) throw new Error(asked.code)
  await eventually(() => outgoingState(joiner) === 'seen', 'the request is seen')
  const { id, code } = joiner.outgoing.current?.request ?? {}
  return { id: id ?? '', code: code ?? '' }
}

async function join(joiner: SmallNode, member: SmallNode): Promise<void> {
  const { id, code } = await ask(joiner, member)
  const accepted = await member.incoming.accept(id, code)
  expect(accepted.ok).toBe(true)
  await eventually(() => outgoingState(joiner) === 'accepted', 'the request is accepted')
}

const code = (result: { ok: boolean; code?: string }): string => (result.ok ? 'ok' : (result.code ?? ''))

describe('joining', () => {
  it('shows the same code in both shops; accepted, both see each other and stay connected', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const request = await ask(e, m)
    expect(m.incoming.list()).toMatchObject([{ id: request.id, code: request.code, name: 'E', state: 'seen' }])
    expect(e.membership.network).toBeNull()
    expect(code(await m.incoming.accept(request.id, 'AAAA-AAAA'))).toBe('code-mismatch')
    expect(m.memberNames).toEqual(['M'])
    expect(code(await m.incoming.accept(request.id, request.code.toLowerCase().replace('-', ' ')))).toBe('ok')
    expect(code(await m.incoming.accept(request.id, request.code))).toBe('ok')
    await eventually(() => outgoingState(e) === 'accepted', 'E is accepted')
    expect(e.membership.network).toBe(m.membership.network)
    expect(e.memberNames).toEqual(['M', 'E'])
    expect(m.memberNames).toEqual(['M', 'E'])
    expect(m.membership.records()).toHaveLength(2)
    await eventually(() => e.link.connected().has(m.id) && m.link.connected().has(e.id), 'a session stands')
    expect(code(await e.outgoing.request(m.address, false))).toBe('leave-first')
  })

  it('lets a third shop ask any member, and all shops learn of it and share the log', async () => {
    const [m, e, t] = (await start('M', 'E', 'T')) as [SmallNode, SmallNode, SmallNode]
    const all = [m, e, t]
    await m.found()
    await join(e, m)
    await join(t, e)
    for (const node of all) {
      await eventually(() => node.memberNames.length === 3, `${node.name} knows three members`)
      await eventually(() => node.link.connected().size === 2, `${node.name} is connected to both`)
    }
    expect(t.membership.member(t.id)?.addedBy).toBe(e.id)
    for (const node of all) node.document?.append({ at: Date.now(), kind: `hello-${node.name}` })
    for (const node of all) {
      await eventually(() => node.events().length === 3, `${node.name} has three events`)
      expect(node.events().sort()).toEqual(['hello-E', 'hello-M', 'hello-T'])
    }
  })

  it('goes on after a restart of either side in every state', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const request = await ask(e, m)
    await e.restart()
    expect(e.outgoing.current?.request).toMatchObject({ ...request, state: 'seen' })
    await m.restart()
    expect(m.incoming.list()).toMatchObject([{ ...request, state: 'seen' }])
    await e.stop()
    expect(code(await m.incoming.accept(request.id, request.code))).toBe('ok')
    await m.restart()
    expect(m.incoming.list()).toMatchObject([{ state: 'accepted' }])
    await e.start()
    await eventually(() => outgoingState(e) === 'accepted', 'E hears of it after all')
    await e.restart()
    expect(outgoingState(e)).toBe('accepted')
    expect(e.memberNames).toEqual(['M', 'E'])
    await eventually(() => m.link.connected().has(e.id), 'a session stands')
    expect(m.membership.records()).toHaveLength(2)
  })

  it('is answered for a shop that entered the network and ended before it kept the answer, whoever is still there', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    await ask(e, m)
    await e.outgoing[Symbol.asyncDispose]()
    const { publicKey } = e.identity
    const added = await m.membership.add({ key: publicKey, url: e.url, name: 'E' })
    expect(added.ok).toBe(true)
    await m.stop()
    const adopted = await e.membership.adopt(m.membership.network ?? ('' as never), m.membership.records())
    expect(adopted.ok).toBe(true)
    expect(outgoingState(e)).toBe('seen')
    for (let start = 0; start < 2; start += 1) {
      await e.restart()
      expect(outgoingState(e)).toBe('accepted')
    }
  })

  it('lets nobody in before the own import is done, but tells a member that it is one', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    m.importDone = false
    const request = await ask(e, m)
    expect(code(await m.incoming.accept(request.id, request.code))).toBe('import-first')
    const added = await m.membership.add({ key: e.identity.publicKey, url: e.url, name: 'E' })
    expect(added.ok).toBe(true)
    expect(code(await m.incoming.accept(request.id, request.code))).toBe('ok')
    await eventually(() => outgoingState(e) === 'accepted', 'E hears of it')
    expect(e.memberNames).toEqual(['M', 'E'])
  })

  it('hears of a network whose records do not fit into the answer', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const place = 'x'.repeat(450)
    for (let moved = 0; moved < 140; moved += 1) await m.membership.move(`http://m.test/${place}/${moved}`)
    const bytes = m.membership.records().reduce((sum, record) => sum + record.length, 0)
    expect(bytes).toBeGreaterThan(limits.frameBytesMaxBeforeProof)
    await join(e, m)
    expect(e.memberNames).toEqual(['M', 'E'])
    expect(e.membership.records()).toHaveLength(142)
  })

  it('waits while the other node is away, and then arrives', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const request = await ask(e, m)
    await m.stop()
    await m.start()
    expect(code(await m.incoming.accept(request.id, request.code))).toBe('ok')
    await eventually(() => outgoingState(e) === 'accepted', 'the answer arrives')
    expect(e.outgoing.current?.request.error).toBeNull()
  })

  it('tells a refused shop so, and leaves nothing of it among the members', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const { id, code: shown } = await ask(e, m)
    expect(code(await m.incoming.refuse(id))).toBe('ok')
    await eventually(() => outgoingState(e) === 'refused', 'E is refused')
    expect(code(await m.incoming.accept(id, shown))).toBe('request-closed')
    expect(m.memberNames).toEqual(['M'])
    expect(e.membership.network).toBeNull()
    await e.restart()
    expect(outgoingState(e)).toBe('refused')
    await e.outgoing.cancel()
    expect(outgoingState(e)).toBe('none')
  })

  it('withdraws a request at both sides', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    await ask(e, m)
    await e.outgoing.cancel()
    await eventually(() => m.incoming.list().length === 0, 'M forgets the request')
    expect(outgoingState(e)).toBe('none')
  })

  it('asks for the own import first, and for a node that is there', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    const { id, code: shown } = await ask(e, m)
    expect(code(await m.incoming.accept(id, shown))).toBe('import-first')
    await m.found()
    expect(code(await m.incoming.accept(id, shown))).toBe('ok')
    await eventually(() => outgoingState(e) === 'accepted', 'E is accepted')
    const [x] = (await start('X')) as [SmallNode]
    expect(code(await x.outgoing.request(x.address, false))).toBe('own-key')
    expect(code(await x.outgoing.request('127.0.0.1:1', false))).toBe('node-not-found')
    expect(code(await x.outgoing.request('0x7f.1:80', false))).toBe('address-invalid')
    expect(code(await x.outgoing.request('203.0.113.1:80', false))).toBe('node-not-found')
    expect(outgoingState(x)).toBe('none')
  })

  it('accepted by two admins of one shop in the same moment is one membership', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    const { id, code: shown } = await ask(e, m)
    const answers = await Promise.all([m.incoming.accept(id, shown), m.incoming.accept(id, shown)])
    expect(answers.map(code)).toEqual(['ok', 'ok'])
    await eventually(() => e.memberNames.length === 2, 'E is a member')
    for (const node of [m, e]) expect(node.membership.records()).toHaveLength(2)
  })

  it('accepted at two members makes one membership', async () => {
    const [m, e, t] = (await start('M', 'E', 'T')) as [SmallNode, SmallNode, SmallNode]
    await m.found()
    await join(e, m)
    const first = await ask(t, m)
    await m.stop()
    await t.outgoing.cancel()
    await join(t, e)
    await m.start()
    expect(code(await m.incoming.accept(first.id, first.code))).toBe('ok')
    for (const node of [m, e, t]) {
      await eventually(() => node.membership.records().length === 4, `${node.name} has both records`)
      expect(node.memberNames.sort()).toEqual(['E', 'M', 'T'])
    }
  })

  it('takes a network of one along into another: it is dissolved', async () => {
    const [m, e] = (await start('M', 'E')) as [SmallNode, SmallNode]
    await m.found()
    await e.found()
    const before = e.membership.network
    await join(e, m)
    expect(e.membership.network).not.toBe(before)
    expect(e.memberNames).toEqual(['M', 'E'])
  })
})

describe('a shop that was let in by one that is gone before the others heard', () => {
  /** M let T in while E was away, and is gone for good. */
  async function letInUnheard(): Promise<{ m: SmallNode; e: SmallNode; t: SmallNode }> {
    const [m, e, t] = (await start('M', 'E', 'T')) as [SmallNode, SmallNode, SmallNode]
    await m.found()
    await join(e, m)
    await eventually(() => e.memberNames.length === 2, 'E knows both')
    await e.stop()
    await join(t, m)
    await t.stop()
    await m.stop()
    await e.start()
    expect(e.memberNames).toEqual(['M', 'E'])
    return { m, e, t }
  }

  it('brings the record to any member that it dials, and is one of them', async () => {
    const { m, e, t } = await letInUnheard()
    await t.start()
    await eventually(() => e.link.connected().has(t.id) && t.link.connected().has(e.id), 'a session stands')
    expect(e.memberNames).toEqual(['M', 'E', 'T'])
    expect(t.membership.isEvicted).toBe(false)
    await e.restart()
    expect(e.memberNames).toEqual(['M', 'E', 'T'])
    await m.start()
  })

  it('hears that it is out where who let it in was removed, and nothing of it is kept', async () => {
    const { m, e, t } = await letInUnheard()
    await e.membership.remove(m.id)
    await t.start()
    await eventually(() => t.membership.isEvicted, 'T knows that it is out')
    expect(e.memberNames).toEqual(['E'])
    expect(e.membership.records()).toHaveLength(3)
    await t.restart()
    expect(t.membership.isEvicted).toBe(true)
    await m.start()
  })

  it('is not listened to where it shows more than a few records that the member does not know', async () => {
    const { m, e, t } = await letInUnheard()
    const shown = m.membership.records()
    const after = [hashMembershipRecord(shown[1]!)]
    const guests = Array.from({ length: limits.introducedRecordsMax }, (_, index) => {
      const change = { kind: 'add', key: new Uint8Array(32).fill(index), url: '', name: 'X' } as const
      return encodeMembershipRecord(change, { by: m.id, at: 1, after }, m.identity.sign)
    })
    const network = e.membership.network ?? ('' as never)
    expect(await e.membership.introduce(network, t.id, [...shown, ...guests])).toEqual({ isMember: false, records: [] })
    expect(await e.membership.introduce(network, t.id, [...shown, ...guests.slice(1)])).toEqual({ isMember: true })
    // Of what it shows, only that is kept by which it is a member.
    expect(e.membership.records()).toHaveLength(shown.length)
    await m.start()
  })

  it('brings what takes its removal back: of two that remove each other the senior stays, whoever is heard first', async () => {
    const [m, a, e] = (await start('M', 'A', 'E')) as [SmallNode, SmallNode, SmallNode]
    await m.found()
    await join(a, m)
    await join(e, m)
    await eventually(() => [m, a, e].every((node) => node.memberNames.length === 3), 'all know each other')
    await a.stop()
    await e.membership.remove(a.id)
    await eventually(() => m.memberNames.join() === 'M,E', 'M hears that E removed A')
    await m.stop()
    await e.stop()
    await a.start()
    await a.membership.remove(e.id)
    await m.start()
    await eventually(() => m.memberNames.join() === 'M,A' && m.link.connected().has(a.id), 'M hears of both')
    expect(a.memberNames).toEqual(['M', 'A'])
    expect(a.membership.isEvicted).toBe(false)
    await e.start()
    await eventually(() => e.membership.isEvicted, 'E hears that it is out')
  })

  it('is not believed where its records say nothing of it', async () => {
    const { m, e } = await letInUnheard()
    const stranger = (await start('X')).at(0) as SmallNode
    const network = e.membership.network ?? ('' as never)
    expect(await e.membership.introduce(network, stranger.id, m.membership.records())).toEqual({
      isMember: false,
      records: [],
    })
    expect(e.membership.records()).toHaveLength(2)
    await m.start()
  })
})
