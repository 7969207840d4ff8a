/**
 * A test that needs a browser: skipped with its reason until it is asked for. It owns the browser; a story
 * that fails leaves what its pages showed in `build/screenshots/failed`.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { test } from 'vitest'
import { openBrowser, withoutBrowser } from './chromium.ts'
import type { Language, Visitor } from './visitor.ts'

const failedFolder = fileURLToPath(new URL('../../build/screenshots/failed/', import.meta.url))
/** Some twenty seconds by itself; a machine that does other things as well takes its time. */
const storyMsMax = 240_000

/** A long story is told in one language, another one in each file; `STOCKMESH_LANGUAGES=da,en` has it told in those. */
export function storyLanguages(usual: Language): readonly Language[] {
  const asked = process.env['STOCKMESH_LANGUAGES']?.split(',') ?? [usual]
  return (['da', 'en'] as const).filter((language) => asked.includes(language))
}

/** Beside the others of its file, each with its own browser and demo: a story waits far more than it works. */
export function browserTest(title: string, story: (browser: Browser) => Promise<void>): void {
  test.concurrent(title, { timeout: storyMsMax }, async ({ skip }) => {
    if (withoutBrowser !== null) skip(withoutBrowser)
    const browser = await openBrowser()
    try {
      await story(browser)
    } finally {
      await browser.close()
    }
  })
}

/** One clause of a story; a failure names it, and the pages are kept as they were. */
export async function clause(visitor: Visitor, words: string, play: () => Promise<void>): Promise<void> {
  try {
    await play()
  } catch (error) {
    await mkdir(failedFolder, { recursive: true })
    for (const [index, page] of visitor.pages.entries()) {
      await page.screenshot({ path: `${failedFolder}${index}.png`, fullPage: true })
    }
    throw new Error(`"${words}" is not so: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
