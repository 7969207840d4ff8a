/** How a person makes shops share one stock: Import in the first, and a request that is compared, accepted and imported. */
import assert from 'node:assert/strict'
import type { Demo } from './demo.ts'
import { ShopPages } from './shop-pages.ts'
import type { Visitor } from './visitor.ts'
import type { Words } from './words.ts'

export async function importHere({ admin }: ShopPages, words: Words): Promise<void> {
  await admin.getByRole('button', { name: words.import, exact: true }).click()
  const done = words.importDone.exec(await admin.getByText(words.importDone).innerText())
  assert.ok(Number(done?.[1]) > 100, 'The demo has more than 100 products.')
  assert.equal(done?.[2], done?.[1])
}

/** `asking` is admitted by an admin of `asked`, who compares the codes. */
export async function join(asking: ShopPages, asked: ShopPages, words: Words): Promise<void> {
  await asking.admin.getByLabel(words.joinAddress).fill(asked.shop.address)
  await asking.admin.getByRole('button', { name: words.sendJoinRequest }).click()
  await asking.admin.getByText(words.joinReceived).waitFor()
  const code = await asking.codeIn(asking.admin.getByRole('main'))

  await asked.goTo('shops')
  const request = asked.admin.getByRole('region', { name: words.requests }).getByRole('article')
  await request.getByRole('heading', { name: asking.shop.name }).waitFor()
  assert.equal(await asked.codeIn(request), code)
  await request.getByRole('button', { name: words.accept, exact: true }).click()
  const question = asked.admin.getByRole('dialog', { name: words.acceptTitle(asking.shop.name) })
  assert.equal(await asked.codeIn(question), code)
  await question.getByRole('button', { name: words.acceptConfirm }).click()
  await question.waitFor({ state: 'detached' })
  await asking.admin.getByRole('heading', { level: 1, name: words.importReady }).waitFor()
}

/** Two shops of the demo that share one stock, each with what it sells. */
export async function openTwo(demo: Demo, visitor: Visitor, words: Words): Promise<readonly [ShopPages, ShopPages]> {
  const one = await ShopPages.open(visitor, demo.shop(0), words)
  const two = await ShopPages.open(visitor, demo.shop(1), words)
  await importHere(one, words)
  await join(two, one, words)
  await importHere(two, words)
  return [one, two]
}
