/** Choosing among platforms: locations, keys without the right to write, what a trial learns, and who may hint. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import type { OpenConnector, Platform, PlatformTrial } from '../../packages/node/src/connectors/platform.ts'
import { ConnectorDesk, type ConnectorDeskParts } from '../../packages/node/src/node/connector-desk.ts'
import type { NodeHost } from '../../packages/node/src/node/node-host.ts'
import { OwnShop } from '../../packages/node/src/node/own-shop.ts'
import { bindToPlatform } from '../../packages/node/src/node/platform-binding.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { MemoryStorage } from '../http/memory-storage.ts'

const field = { isSecret: false, isRequired: true }
let directory: string
let trial: () => PlatformTrial
let tried: unknown[]
let opened: string[]
let closed: string[]
let isInNetwork = false
let writeStop: string | null

const kiosk: Platform = {
  name: 'kiosk',
  fields: [
    { ...field, name: 'url', help: 'Its address.' },
    { ...field, name: 'apiKey', help: 'Its key.', isSecret: true },
    { ...field, name: 'place', help: 'Its location.' },
    { ...field, name: 'pace', help: 'What the trial found.', isRequired: false, isTuning: true },
  ],
  locationField: 'place',
  schema: { safeParse: (given: unknown) => ({ success: true, data: given }) } as unknown as Platform['schema'],
  async test(settings) {
    tried.push(settings)
    return trial()
  },
  async open(_settings, { directory: folder }) {
    opened.push(folder)
    const close = { [Symbol.asyncDispose]: async () => void closed.push(folder) }
    const facts = { name: 'kiosk', promise: 'exact', shopUrl: null, list: nothing, writeStop }
    return { ...facts, ...close } as unknown as OpenConnector
  },
  checkHint: (_settings, { headers }) => (headers['kiosk'] === 'yes' ? 'hint' : 'signature-invalid'),
}

const nothing = async (): Promise<object> => ({ epoch: '', items: [], next: null, total: 0 })
const never = new AbortController().signal
const found: PlatformTrial = {
  release: 'Kiosk 3',
  promise: 'best-effort',
  mayWrite: 'unknown',
  sample: null,
  locations: [],
  warnings: ['Webhooks are off.'],
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-desk-'))
  trial = () => found
  tried = []
  opened = []
  closed = []
  isInNetwork = false
  writeStop = null
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

async function openDesk(env: ConnectorDeskParts['env'] = {}): Promise<ConnectorDesk> {
  const node = {
    network: {
      get network() {
        return isInNetwork ? 'n' : null
      },
      isJoining: false,
    },
  }
  const host = { node, changeShop: (_isSame: boolean, change: () => Promise<object>) => change() }
  return await ConnectorDesk.open({
    directory,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    env,
    named: 'kiosk',
    shop: null,
    own: {
      shop: new OwnShop(
        () => Promise.reject(new Error('the shop inside is not opened')),
        () => () => undefined,
      ),
      keys: ['own'],
      url: () => '',
      shopUrl: () => '',
    },
    nodeUrl: () => 'https://node.example',
    host: () => host as unknown as NodeHost,
    platforms: { names: ['kiosk'], load: async () => kiosk },
  })
}

const env = { STOCKMESH_KIOSK_URL: 'https://kiosk.example', STOCKMESH_KIOSK_API_KEY: 'sesame' }
const settings = { url: 'https://kiosk.example', apiKey: 'sesame' }

test('of several stock locations one must be chosen, and the one that is chosen is told and kept', async () => {
  const desk = await openDesk(env)
  trial = () => ({
    ...found,
    locations: [
      { id: '1', name: 'Aarhus' },
      { id: '2', name: 'Odense' },
    ],
  })
  const request = { platform: 'kiosk', settings }
  await expect(desk.chooseConnector(request)).rejects.toMatchObject({
    status: 422,
    code: 'location-needed',
    message: expect.stringContaining('Aarhus (1), Odense (2)') as unknown,
  })
  const chosen = await desk.chooseConnector({ ...request, settings: { ...settings, place: '2' } })
  expect(chosen).toMatchObject({ location: { id: '2', name: 'Odense' }, warnings: ['Webhooks are off.'] })
  expect(desk.current.location).toEqual({ id: '2', name: 'Odense' })
  expect((await openDesk(env)).current.location).toEqual({ id: '2', name: 'Odense' })
})

test('the only location that a trial has found is told, and the same after every start and with a renewed key', async () => {
  const desk = await openDesk(env)
  const locations = [{ id: '1', name: 'Aarhus' }]
  trial = () => ({ ...found, locations, learned: { place: '1' } })
  const aarhus = { id: '1', name: 'Aarhus' }
  expect(await desk.chooseConnector({ platform: 'kiosk', settings })).toMatchObject({ location: aarhus })
  const next = await openDesk(env)
  expect(next.current.location).toEqual(aarhus)
  isInNetwork = true
  trial = () => ({ ...found, locations: [{ id: '1', name: 'Aarhus N' }] })
  const renewed = { ...settings, apiKey: 'sesame-2', place: '1' }
  expect(await next.chooseConnector({ platform: 'kiosk', settings: renewed })).toMatchObject({
    location: { id: '1', name: 'Aarhus N' },
  })
})

test('a node that was bound without its only location stays bound without it', async () => {
  const desk = await openDesk(env)
  await desk.chooseConnector({ platform: 'kiosk', settings })
  const file = join(directory, 'connector.json')
  const kept = JSON.parse(await readFile(file, 'utf8')) as { settings: object }
  await writeFile(file, JSON.stringify({ ...kept, settings: { ...kept.settings, place: '1' }, location: null }))
  const next = await openDesk(env)
  expect(next.current.location).toBeNull()
  isInNetwork = true
  trial = () => ({ ...found, locations: [{ id: '1', name: 'Aarhus' }] })
  expect(await next.chooseConnector({ platform: 'kiosk', settings: { ...settings, place: '1' } })).toMatchObject({
    location: null,
  })
})

test('another location is another stock: in a network it is refused before the shop is asked', async () => {
  const desk = await openDesk(env)
  await desk.chooseConnector({ platform: 'kiosk', settings })
  isInNetwork = true
  tried = []
  const elsewhere = { platform: 'kiosk', settings: { ...settings, place: '2' } }
  await expect(desk.chooseConnector(elsewhere)).rejects.toMatchObject({ status: 409, code: 'leave-first' })
  expect(tried).toEqual([])
  expect(await desk.chooseConnector({ platform: 'kiosk', settings: { ...settings, pace: '5' } })).toMatchObject({
    settings: { pace: '5' },
  })
})

test('a key that may not write is refused, and a word of the shop never quotes the key', async () => {
  const desk = await openDesk(env)
  trial = () => ({ ...found, mayWrite: false })
  await expect(desk.chooseConnector({ platform: 'kiosk', settings })).rejects.toMatchObject({ code: 'not-writable' })
  trial = () => {
    throw new ConnectorError('release-unknown', 'Kiosk 1 at https://sesame@kiosk.example is too old.')
  }
  await expect(desk.tryConnector({ platform: 'kiosk', settings })).rejects.toMatchObject({
    status: 422,
    code: 'release-unknown',
    message: 'Kiosk 1 at https://…@kiosk.example is too old.',
  })
})

test('what the trial learns is kept with what was entered; what the environment says is not', async () => {
  const desk = await openDesk({ STOCKMESH_KIOSK_API_KEY: 'sesame', STOCKMESH_KIOSK_URL: 'https://kiosk.example' })
  trial = () => ({ ...found, learned: { pace: '20' } })
  await desk.chooseConnector({ platform: 'kiosk', settings: {} })
  const kept = JSON.parse(await readFile(join(directory, 'connector.json'), 'utf8')) as { settings: object }
  expect(kept.settings).toEqual({ pace: '20' })
  expect(desk.connector()).toMatchObject({ fromEnvironment: ['url', 'apiKey'], settings: { pace: '20' } })
})

test('the connector is opened by its first call, stays with a renewed key, and another shop gets a folder of its own', async () => {
  const desk = await openDesk(env)
  expect(opened).toEqual([])
  await desk.current.connector.list({ after: null, limit: 1 }, never)
  const { connector } = desk.current
  await desk.chooseConnector({ platform: 'kiosk', settings })
  expect(closed).toEqual(opened)
  await desk.current.connector.list({ after: null, limit: 1 }, never)
  expect(desk.current.connector).not.toBe(connector)
  expect(new Set(opened).size).toBe(1)
  await desk[Symbol.asyncDispose]()
  expect(closed).toHaveLength(2)
})

test('that nothing is written to the shop any more is said first, as soon as the connector knows it', async () => {
  const desk = await openDesk(env)
  await desk.chooseConnector({ platform: 'kiosk', settings })
  writeStop = 'Nothing more is written to the shop: try the connection again.'
  expect(desk.connector().warnings).toEqual(['Webhooks are off.'])
  await desk.current.connector.list({ after: null, limit: 1 }, never)
  expect(desk.connector().warnings).toEqual([writeStop, 'Webhooks are off.'])
})

test('the platform itself judges whose word a hint is', async () => {
  const { door } = await openDesk(env)
  expect(door.connector).toBe('kiosk')
  const hint = { body: new Uint8Array(), now: 0 }
  expect(door.check?.({ ...hint, headers: { kiosk: 'yes' } })).toBe('hint')
  expect(door.check?.({ ...hint, headers: {} })).toBe('signature-invalid')
})

test('stock of a network is not taken over by another platform or location', async () => {
  const storage = new MemoryStorage()
  await bindToPlatform(storage, 'kiosk', null)
  await bindToPlatform(storage, 'kiosk', null)
  const refused = { code: 'data-of-another-shop' }
  await expect(bindToPlatform(storage, 'builtin', null)).rejects.toMatchObject(refused)
  await expect(bindToPlatform(storage, 'kiosk', { id: '2', name: 'Odense' })).rejects.toMatchObject(refused)
})
