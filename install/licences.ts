/** The names and terms of the libraries that travel inside the bundle: their authors ask for nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Library {
  readonly name: string
  readonly version: string
  readonly license?: string
}

/** `folders`: of the libraries, below the root. Error: a library says nothing of its terms. */
export function licencesOf(root: string, folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Library
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
    if (license === undefined && file === undefined) throw new Error(`${name} ${version} names no licence.`)
    const terms = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`
    return `${name} ${version}, ${license ?? 'see below'}${terms}\n`
  })
  return parts.join('\n\n')
}
