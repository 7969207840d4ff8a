/**
 * Files that were packed when the pages were built: `main.js.br` and `main.js.gz` beside `main.js`. The folder is read
 * once, since a built folder does not change under a running node; a file without a packed one is served as it is.
 */
import { readdirSync } from 'node:fs'
import { extname, sep } from 'node:path'
import type { Request, Response } from 'express'

const extensions = { br: '.br', gzip: '.gz' } as const

/** The best first. */
const encodings = ['br', 'gzip'] as const

export class PackedFiles {
  /** Paths within the folder, with `/` whatever the machine writes. */
  readonly #names: ReadonlySet<string>

  private constructor(names: ReadonlySet<string>) {
    this.#names = names
  }

  /** A folder that is not there holds nothing. */
  static in(directory: string): PackedFiles {
    try {
      const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      return new PackedFiles(new Set(names.map((name) => name.split(sep).join('/'))))
    } catch {
      return new PackedFiles(new Set())
    }
  }

  /**
   * The name of the file to send for `name`: itself, or a packed one that the browser takes, with the headers for that.
   */
  choose(name: string, request: Request, response: Response): string {
    const there = encodings.filter((encoding) => this.#names.has(name + extensions[encoding]))
    if (there.length === 0) return name
    // A cache between must not give a packed answer to who cannot read it.
    response.vary('Accept-Encoding')
    const accepted = request.acceptsEncodings(...there)
    const encoding = there.find((one) => one === accepted)
    if (encoding === undefined) return name
    response.setHeader('Content-Encoding', encoding)
    response.type(extname(name))
    return name + extensions[encoding]
  }
}
