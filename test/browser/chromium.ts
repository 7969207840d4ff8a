/**
 * The browser of this machine, driven without downloading one: Debian's chromium, or what CHROMIUM_PATH names. The tests
 * that need it are skipped with the reason given here until they are asked for.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** Nothing but the pages that a test opens may use the network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where the browser is; null on a machine without one. A CHROMIUM_PATH that leads nowhere is said, not passed over. */
function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and nothing is there.`)
    return named
  }
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)].filter((folder) => folder !== '')
  const found = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return found.find((path) => existsSync(path)) ?? null
}

/** Why no browser test runs; null where they do. */
export const withoutBrowser: string | null =
  process.env['STOCKMESH_BROWSER'] === '1' ? null : 'needs Chromium: npm run test:browser'

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) {
    throw new Error(
      'There is no Chromium on this machine. Run `apt-get install chromium`, or set CHROMIUM_PATH to one.',
    )
  }
  return chromium.launch({ executablePath, headless: true, args: flags })
}
