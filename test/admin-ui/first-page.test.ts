/** What a browser fetches before the first page is shown: little enough for a phone, and from this host alone. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const dist = fileURLToPath(new URL('../../packages/admin-ui/dist/', import.meta.url))
const firstPageBytesMax = 60_000

/** The files of a page, and of one language in it, with all that they need at once. */
function filesOf(page: string, language: string): ReadonlySet<string> {
  const html = readFileSync(join(dist, page), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, name = '']) => name)
  const found = new Set<string>()
  const open = [...named, language]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    if (!name.endsWith('.js')) continue
    const code = readFileSync(join(dist, 'assets', name), 'utf8')
    open.push(...[...code.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, inner = '']) => basename(inner)))
  }
  return found
}

function packedBytes(page: string, files: ReadonlySet<string>): number {
  const bytes = [page, ...[...files].map((name) => `assets/${name}`)].map(
    (path) => gzipSync(readFileSync(join(dist, path))).length,
  )
  return bytes.reduce((sum, one) => sum + one, 0)
}

function languageFiles(kind: string): readonly string[] {
  const files = readdirSync(join(dist, 'assets')).filter((name) => new RegExp(`^${kind}-[\\w-]{8}\\.js$`).test(name))
  // What brings words to the pages exports them under their names.
  return files.filter((name) => /createText/.test(readFileSync(join(dist, 'assets', name), 'utf8').slice(-200)))
}

test.each([
  ['index.html', 'admin'],
  ['shop.html', 'shop'],
  ['shop-admin.html', 'shop'],
])('%s with its language is under 60 kB as gzip, in each of the five', (page, kind) => {
  const languages = languageFiles(kind)
  expect(languages).toHaveLength(5)
  for (const language of languages) {
    const files = filesOf(page, language)
    expect(files.size).toBeGreaterThan(4)
    expect(packedBytes(page, files), language).toBeLessThan(firstPageBytesMax)
  }
})

test('no page names another host', () => {
  for (const page of readdirSync(dist).filter((name) => name.endsWith('.html'))) {
    expect(readFileSync(join(dist, page), 'utf8')).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  }
})
