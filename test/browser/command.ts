/**
 * `npm run screenshots [-- --only da-390] [--scene demo]`: every page as a person sees it, in each language, on a screen
 * and on a phone, into `build/screenshots`; Danish and English also in the dark. What is on them is played; nothing is
 * drawn.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { languages } from '@stockmesh/protocol'
import type { Language } from '@stockmesh/protocol/api'
import type { Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { pictureDemo } from './demo-scene.ts'
import { pictureGuard } from './guard-scene.ts'
import type { Studio } from './studio.ts'
import { Visitor } from './visitor.ts'

interface Look {
  readonly language: Language
  readonly width: 390 | 1280
  readonly colorScheme: 'light' | 'dark'
}

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url))
const inTheDark: ReadonlySet<Language> = new Set(['da', 'en'])
const looks = languages.flatMap((language) =>
  ([390, 1280] as const).flatMap((width) =>
    (['light', 'dark'] as const)
      .filter((colorScheme) => colorScheme === 'light' || inTheDark.has(language))
      .map((colorScheme): Look => ({ language, width, colorScheme })),
  ),
)
const scenes = { demo: pictureDemo, guard: pictureGuard }

const { values } = parseArgs({ options: { only: { type: 'string' }, scene: { type: 'string' } } })
const chosen = looks.filter((look) => values.only === undefined || nameOf(look).startsWith(values.only))
await mkdir(folder, { recursive: true })
const browser = await openBrowser()
const studio: Studio = { browser, each }
try {
  for (const [name, play] of Object.entries(scenes)) {
    if (values.scene === undefined || values.scene === name) await play(studio)
  }
} finally {
  await browser.close()
}
console.log(`The screenshots are in ${folder}`)

function nameOf({ language, width, colorScheme }: Look): string {
  return `${language}-${width}-${colorScheme}`
}

async function each(see: Parameters<Studio['each']>[0]): Promise<void> {
  for (const look of chosen) {
    await using visitor = await Visitor.open(browser, look)
    await see(visitor, (page, name, part) => picture(page, name, look, part))
  }
}

/** Once everything that the page reads has come. */
async function picture(page: Page, name: string, look: Look, part: 'page' | 'window' = 'page'): Promise<void> {
  const { language } = look
  // A node that is set up has a language of its own, until somebody chooses another one.
  const choice = page.locator('select').filter({ has: page.locator(`option[value=${language}]`) })
  await choice.first().selectOption(language)
  await page.locator(`html[lang=${language}]`).waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: `${folder}${nameOf(look)}-${name}.png`, fullPage: part === 'page' })
}
