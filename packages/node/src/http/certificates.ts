/**
 * The certificate of the port and its private key, as files that another program renews. They are looked at again and
 * again by their contents, since such programs put new files, links or whole folders in the place of the old ones; a pair
 * that does not fit together, as in the middle of a renewal, changes nothing.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Cancel, Timers } from '../ports.ts'
import { certificateBytesMax, certificateLookMs } from './limits.ts'

/** Where both lie. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** What both hold, PEM. */
export interface CertificatePair {
  readonly cert: string
  readonly key: string
}

export interface CertificatesOptions {
  readonly files: CertificateFiles
  readonly timers: Timers
  /** A pair that was found later and cannot be taken; told once for each reason. */
  readonly onRefused: (error: CertificateError) => void
}

/** Codes: `tls-file-unreadable`, `tls-key-exposed`, `tls-pair-invalid`. */
export class CertificateError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CertificateError'
    this.code = code
  }
}

export class Certificates implements AsyncDisposable {
  readonly #options: CertificatesOptions
  #pair: CertificatePair
  #onChange: (pair: CertificatePair) => void = () => undefined
  #refused = ''
  #cancel: Cancel = () => undefined
  #looking: Promise<void> = Promise.resolve()
  #closed = false

  private constructor(options: CertificatesOptions, pair: CertificatePair) {
    this.#options = options
    this.#pair = pair
    this.#schedule()
  }

  /** Errors: `CertificateError`. */
  static async open(options: CertificatesOptions): Promise<Certificates> {
    return new Certificates(options, await readPair(options.files))
  }

  /** The latest pair that fits. */
  get pair(): CertificatePair {
    return this.#pair
  }

  /** Called with each pair that takes the place of the one before. */
  follow(onChange: (pair: CertificatePair) => void): void {
    this.#onChange = onChange
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#looking
  }

  #schedule(): void {
    if (this.#closed) return
    this.#cancel = this.#options.timers.after(certificateLookMs, () => {
      this.#looking = this.#look().finally(() => this.#schedule())
    })
  }

  async #look(): Promise<void> {
    try {
      const found = await readPair(this.#options.files)
      this.#refused = ''
      if (found.cert === this.#pair.cert && found.key === this.#pair.key) return
      this.#pair = found
      this.#onChange(found)
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error
      if (error.message === this.#refused) return
      this.#refused = error.message
      this.#options.onRefused(error)
    }
  }
}

async function readPair(files: CertificateFiles): Promise<CertificatePair> {
  const cert = await readText(files.cert, '--tls-cert')
  const key = await readText(files.key, '--tls-key')
  await assertOwn(files.key)
  assertFits(files, { cert, key })
  return { cert, key }
}

async function readText(file: string, setting: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > certificateBytesMax) {
      throw new CertificateError('tls-pair-invalid', `${file} is too large for PEM text. Correct ${setting}.`)
    }
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof CertificateError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown'
    const message = `${file} cannot be read (${why}). Correct ${setting}, or let the user of the node read the file.`
    throw new CertificateError('tls-file-unreadable', message, { cause: error })
  }
}

/**
 * Nobody else may read the key. Of one that belongs to root a group may, which is how a key is shared with a service;
 * the rule is that of PostgreSQL (`ssl_key_file`). Windows has no such modes.
 */
async function assertOwn(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode, uid } = await stat(file)
  const isExposed = (mode & (uid === 0 ? 0o027 : 0o077)) !== 0
  if (!isExposed) return
  throw new CertificateError(
    'tls-key-exposed',
    `Other users of this machine may read or change the key ${file}. Take that from them: chmod 600 ${file}`,
  )
}

function assertFits(files: CertificateFiles, { cert, key }: CertificatePair): void {
  try {
    createSecureContext({ cert, key })
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `${files.cert} and ${files.key} are no certificate with its key (${why}). Both must be PEM, the key without a password.`
    throw new CertificateError('tls-pair-invalid', message, { cause: error })
  }
  const message = `The key ${files.key} does not belong to the certificate ${files.cert}. Name the two that were made together.`
  throw new CertificateError('tls-pair-invalid', message)
}
