/** A hint is a hint: no number of it is used, nobody else can make one, and without any the shop is followed all the same. */
import { expect, it } from 'vitest'
import { eventually } from '../../harness/eventually.ts'
import type { Ground } from './ground.ts'

export function hints(ground: Ground): void {
  const { product, inStep, hook, patience } = ground

  it('hints that are doubled, late or made up change nothing but the speed', async (context) => {
    const hint = hook(context, 'hint')
    const { id } = await product(10)
    hint()
    await ground.shop.sell(id, 1)
    hint()
    hint()
    await inStep(id, -1)
    hint()
    await ground.feed.read()
    expect(ground.feed.moved(id)).toBe(-1)
  })

  it('a hint that the shop did not sign is none', (context) => {
    const { request, check } = hook(context, 'signedHint')
    const signed = request()
    expect(check(signed)).toBe('hint')
    const changed = Buffer.from(signed.body)
    changed[0] = (changed[0] ?? 0) ^ 1
    expect(check({ ...signed, body: changed })).toBe('signature-invalid')
    expect(check({ ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) })).toBe('signature-invalid')
    expect(check({ ...signed, headers: {} })).toBe('signature-invalid')
    for (const [name, value = ''] of Object.entries(signed.headers)) {
      if (!name.includes('signature')) continue
      for (const wrong of ['', value.slice(1), `${value}0`, turned(value), value.replace(/[0-9a-zA-Z+/]/g, '0')]) {
        const headers = { ...signed.headers, [name]: wrong }
        expect(check({ ...signed, headers }), wrong).toBe('signature-invalid')
      }
    }
  })

  it('hints that the shop has switched off are switched on again, and cost no sale', async (context) => {
    const { switchOff, areOn } = hook(context, 'hintSwitch')
    const { id } = await product(10)
    await switchOff()
    await ground.shop.sell(id, 2)
    await inStep(id, -2)
    await eventually('the hints are on again', areOn, patience())
  })
}

/** Another last digit. */
function turned(signature: string): string {
  return signature.slice(0, -1) + (signature.endsWith('a') ? 'b' : 'a')
}
