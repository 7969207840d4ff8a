/** The product's source text and its documents, for tests and generated pages that compare the two. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export function readDocument(path: string): string {
  return readFileSync(root + path, 'utf8')
}

export function writeDocument(path: string, text: string): void {
  writeFileSync(root + path, text)
}

/** Source files of the node and the core, in the order of their paths. */
export function sourceFiles(): readonly { readonly path: string; readonly text: string }[] {
  const folders = ['packages/node/src/', 'packages/protocol/src/']
  return folders.flatMap((folder) => {
    const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    return names.sort().map((name) => ({ path: folder + name, text: readDocument(folder + name) }))
  })
}

/** A cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()
}
