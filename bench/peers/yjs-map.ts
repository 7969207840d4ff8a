/**
 * The same sale in Yjs: three documents in one process, each with a connection of its own to a server that speaks the
 * y-websocket protocol, as the ready-made one does. It keeps nothing on disk, knows no shops, and overwrites a number
 * instead of counting, so of two sales at once one is lost: what it shows is the price of the messages alone.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createDecoder, readVarUint } from 'lib0/decoding'
import { createEncoder, length, toUint8Array, writeVarUint } from 'lib0/encoding'
import { WebSocket, WebSocketServer } from 'ws'
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import { WebsocketProvider } from 'y-websocket'
import { Doc, type YMapEvent } from 'yjs'
import { eventually } from '../../test/harness/eventually.ts'
import { Owned } from '../../test/harness/owned.ts'
import { openingStock, skuOf } from '../catalogue.ts'
import { steadyLoad } from '../steady-load.ts'

const messageSync = 0

/** Milliseconds of each sale until both other documents show it. */
export async function measureYjs(load: {
  readonly perSecond: number
  readonly count: number
  readonly skus: number
}): Promise<readonly number[]> {
  await using owned = new Owned()
  const port = await openServer(owned)
  const documents = ['DK', 'SE', 'NO'].map(() => connect(port, owned))
  const [first] = documents
  first?.transact(() => {
    for (let index = 0; index < load.skus; index += 1) first.getMap('stock').set(skuOf(index), openingStock)
  })
  await eventually('every document has the goods', () =>
    documents.every((document) => document.getMap('stock').size === load.skus),
  )
  const latencies: number[] = []
  const open = new Map<string, { intendedAt: number; missing: number }>()
  for (const document of documents) {
    document.getMap<number>('stock').observe((event: YMapEvent<number>) => {
      if (event.transaction.local) return
      for (const sku of event.keysChanged) {
        const name = `${sku} ${document.getMap<number>('stock').get(sku)}`
        const sale = open.get(name)
        if (sale === undefined) continue
        sale.missing -= 1
        if (sale.missing > 0) continue
        open.delete(name)
        latencies.push(performance.now() - sale.intendedAt)
      }
    })
  }
  await steadyLoad(load, (index, intendedAt) => {
    const sku = skuOf(index % load.skus)
    const stock = documents[index % documents.length]?.getMap<number>('stock')
    const next = (stock?.get(sku) ?? 0) - 1
    open.set(`${sku} ${next}`, { intendedAt, missing: documents.length - 1 })
    stock?.set(sku, next)
  })
  await eventually('every sale shows in every document', () => latencies.length === load.count)
  return latencies
}

/** The server end: a document that every connection is kept in step with. */
async function openServer(owned: Owned): Promise<number> {
  const document = new Doc()
  const sockets = new Set<WebSocket>()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', (socket) => {
    sockets.add(socket)
    const hello = createEncoder()
    writeVarUint(hello, messageSync)
    writeSyncStep1(hello, document)
    socket.send(toUint8Array(hello))
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data: Buffer) => {
      const decoder = createDecoder(new Uint8Array(data))
      if (readVarUint(decoder) !== messageSync) return
      const encoder = createEncoder()
      writeVarUint(encoder, messageSync)
      readSyncMessage(decoder, encoder, document, socket)
      if (length(encoder) > 1) socket.send(toUint8Array(encoder))
    })
  })
  document.on('update', (update: Uint8Array, origin: unknown) => {
    const encoder = createEncoder()
    writeVarUint(encoder, messageSync)
    writeUpdate(encoder, update)
    for (const socket of sockets) if (socket !== origin) socket.send(toUint8Array(encoder))
  })
  owned.defer(async () => {
    for (const socket of sockets) socket.terminate()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

function connect(port: number, owned: Owned): Doc {
  const document = new Doc()
  const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, 'stock', document, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
  owned.defer(() => {
    provider.destroy()
    document.destroy()
    return Promise.resolve()
  })
  return document
}
