/** A real Vendure as an administrator's session sees it, with a line that can break and a journal of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { AdminClient } from '../../packages/node/src/connectors/vendure/admin-client.ts'
import { AdminShop } from '../../packages/node/src/connectors/vendure/admin-shop.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { FastTime } from './fast-time.ts'
import { openFaultyLine } from './faulty-line.ts'
import type { Fault, FaultyCall } from './shop-under-test.ts'
import { VendureShop } from './vendure-shop.ts'

export interface PolledShop extends AsyncDisposable {
  readonly shop: VendureShop
  readonly connector: OpenConnector
  breakNext(fault: Fault, call: FaultyCall): void
  beforeNextWrite(run: () => Promise<void>): void
  reopen(): Promise<void>
}

export async function openPolledShop(): Promise<PolledShop> {
  const shop = await VendureShop.open({ hasCompanion: false })
  let beforeWrite: (() => Promise<void>) | null = null
  const line = await openFaultyLine(shop.url, callOf, async (call) => {
    if (call !== 'write') return
    const run = beforeWrite
    beforeWrite = null
    await run?.()
  })
  const settings = { url: line.url, username: 'admin', password: 'admin', location: '1', channel: null }
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-vendure-journal-'))
  const time = new FastTime(20)
  const connect = (): Promise<OpenConnector> => {
    const client = new AdminClient(settings, { clock: systemClock, timers: systemTimers })
    const port = new AdminShop(client, settings, { clock: systemClock })
    return openObservedConnector(port, { directory, clock: time, timers: time, random: systemRandom })
  }
  let connector = await connect()
  return {
    shop,
    get connector() {
      return connector
    },
    breakNext: (fault, call) => line.breakNext(fault, call),
    beforeNextWrite: (run) => {
      beforeWrite = run
    },
    async reopen() {
      await connector[Symbol.asyncDispose]()
      connector = await connect()
    },
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
      await shop[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function callOf({ url }: { readonly url: string }): FaultyCall | null {
  if (url.includes('=StockmeshWrite')) return 'write'
  return /=Stockmesh(?:Rows|Variants|Orders)/.test(url) ? 'read' : null
}
