/** CONTRIBUTING.md and ARCHITECTURE.md name only what is there. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readDocument } from './source.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const scripts = (JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> }).scripts

it.each(['CONTRIBUTING.md', 'ARCHITECTURE.md'])('%s names scripts, folders and files that exist', (page) => {
  const text = readDocument(page)
  for (const [, name = ''] of text.matchAll(/`npm run ([\w-]+)/g)) expect(Object.keys(scripts)).toContain(name)
  const rooms = ['', 'packages/', 'packages/node/src/']
  const paths = [...text.matchAll(/[`(]([\w.-]+(?:\/[\w.-]+)+|[\w.-]+\.(?:md|json))(?:[`)]| )/g)].map(
    ([, path]) => path ?? '',
  )
  expect(paths.length).toBeGreaterThan(3)
  for (const path of paths) {
    // The core's files are written as one says them: `protocol/fold.ts`.
    const places = [...rooms.map((room) => room + path), path.replace(/^protocol\//, 'packages/protocol/src/')]
    expect(
      places.some((place) => existsSync(root + place)),
      path,
    ).toBe(true)
  }
})
