/** Two shops with the partition guard on, of which one is set up for a browser and the other one can go out of reach. */
import assert from 'node:assert/strict'
import type { GuardAnswer } from '@stockmesh/protocol'
import type { Browser, Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'

const password = 'rødgrød med fløde'
const names = ['Gavebod Danmark', 'Gavebod Sverige'] as const
/** Sold in both shops, with the same stock. */
export const sold = { sku: '20668', stock: 10 }

export class PartedShops implements AsyncDisposable {
  readonly one: Member
  readonly two: Member
  readonly adminUrl: string
  readonly #network: Network

  private constructor(network: Network) {
    this.#network = network
    ;[this.one, this.two] = [network.member(names[0]), network.member(names[1])]
    this.adminUrl = `${this.one.node.url}/`
  }

  /** Nobody has set up any of them yet. */
  static async open(): Promise<PartedShops> {
    return new PartedShops(await Network.open({ names: [...names] }))
  }

  /** Sets the first one up, founds the network, and turns the guard on: three quarters for the first shop. */
  async connect(browser: Browser): Promise<void> {
    const page = await browser.newPage()
    const token = /token \(valid for 30 minutes\): (\S+)/.exec(this.one.node.output)?.[1] ?? ''
    const answer = await page.request.post(`${this.adminUrl}api/v1/setup`, {
      headers: { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' },
      data: { token, password, name: names[0], language: 'da' },
    })
    assert.ok(answer.ok(), await answer.text())
    await page.close()
    await fillAlike(this.#network, [sold.sku, '22423', '84879'], sold.stock)
    await this.#network.found()
    const [own, other] = await this.#ids()
    await this.one.api.call('POST', '/partition-guard', {
      body: { on: true, outOfReachSeconds: 10, shares: 'set', weights: { [own]: 3, [other]: 1 } },
    })
    await eventually('both have heard', async () => (await this.guard()).unheard.length === 0)
  }

  /** Resolves when the first shop shows only its share. */
  async part(): Promise<void> {
    await this.two.node.kill()
    await eventually('the share is shown', async () => (await this.guard()).shownPercent === 75)
  }

  async guard(): Promise<GuardAnswer> {
    return await this.one.api.call('GET', '/partition-guard')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network[Symbol.asyncDispose]()
  }

  async #ids(): Promise<readonly [string, string]> {
    const members = await this.one.api.members()
    const [own, other] = [members.find(({ self }) => self), members.find(({ self }) => !self)]
    assert.ok(own !== undefined && other !== undefined)
    return [own.id, other.id]
  }
}

/** Signs in as a person does, in any language. */
export async function signIn(page: Page): Promise<void> {
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').waitFor()
}
