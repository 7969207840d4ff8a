/**
 * A node or a built-in shop as a process of its own: started from the package's bin, killed and restarted on the same
 * folder and port. What it printed is part of every failure; no process outlives its owner.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'

const command = fileURLToPath(new URL('../../packages/node/bin/stockmesh.js', import.meta.url))
const outputCharactersMax = 20_000
const readyMsMax = 90_000
const stopMsMax = 45_000

export const adminToken = 'harness-admin-token-0123456789abcdef'
export const shopKey = 'harness-shop-key-0123456789abcdef'

export interface ProgramOptions {
  /** For messages: "node DK". */
  readonly name: string
  /** After `stockmesh`, without `--data` and `--port`. */
  readonly args: readonly string[]
  readonly folder: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
  /** The address that it listens at; absent: loopback. */
  readonly host?: string
  /** The script that is `stockmesh`; absent: that of this checkout. */
  readonly script?: string
  /** A command that runs the program in its own place, as `nsenter` does; absent: none. */
  readonly within?: readonly string[]
}

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export class Program implements AsyncDisposable {
  readonly name: string
  readonly folder: string
  readonly url: string
  readonly #options: ProgramOptions
  #child: ChildProcess | null = null
  #output = ''
  #disposed = false

  private constructor(options: ProgramOptions) {
    this.#options = options
    this.name = options.name
    this.folder = options.folder
    this.url = `http://${options.host ?? '127.0.0.1'}:${options.port}`
  }

  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options)
    await program.start()
    return program
  }

  get running(): boolean {
    return this.#child !== null
  }

  /** The id of its process; null when it does not run. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** What it printed last, over all its starts. */
  get output(): string {
    return this.#output
  }

  /** Resolves when it serves; on the same folder and port as before. */
  async start(): Promise<void> {
    if (this.#child !== null) throw new Error(`${this.name} runs already.`)
    if (this.#disposed) throw new Error(`${this.name} was given up by its owner.`)
    const { args, folder, port, env, host, script = command, within = [] } = this.#options
    const [first, ...rest] = args
    const place = ['--data', folder, '--port', String(port), ...(host === undefined ? [] : ['--host', host])]
    const [executable, ...before] = [...within, process.execPath]
    const child = spawn(executable, [...before, script, ...(first === undefined ? [] : [first]), ...place, ...rest], {
      env: { ...ownEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    alive.add(child)
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#keep(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#keep(text))
    child.once('exit', (code, signal) => {
      alive.delete(child)
      if (this.#child === child) this.#child = null
      this.#keep(`[${this.name} ended: ${signal ?? `code ${code}`}]\n`)
    })
    await this.#untilReady(child)
  }

  /** Ends it at once, as a power cut of the process would; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to end; one that does not within 15 s is killed and reported. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }

  /** Stops it where it stands, as a machine that is suspended; its sockets stay open and nobody reads them. */
  suspend(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** Goes on after `suspend`. */
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Whether `fillDisk` works here: it needs Linux's `prlimit`, and only a process of our own user. */
  static get canFillDisk(): boolean {
    return spawnSync('prlimit', ['--version'], { stdio: 'ignore' }).status === 0
  }

  /** From here on every write of this process to a file fails, as on a disk without space. */
  fillDisk(): void {
    this.#limitFileSize('0:unlimited')
  }

  /** There is space again. */
  freeDisk(): void {
    this.#limitFileSize('unlimited:unlimited')
  }

  /** Resident memory in bytes; null when it does not run or the system does not tell. */
  residentBytes(): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid ?? 0}/status`, 'utf8')
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
      return kilobytes === undefined ? null : Number(kilobytes) * 1024
    } catch {
      return null
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.kill()
  }

  #limitFileSize(limit: string): void {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error(`${this.name} does not run.`)
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${limit}`], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`prlimit on ${this.name} failed: ${stderr}`)
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    if (signal === 'SIGKILL') {
      await gone
      return
    }
    const limit = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    const [, by] = await gone
    clearTimeout(limit)
    if (by === 'SIGKILL') throw new Error(`${this.name} did not stop within ${stopMsMax} ms.\n${this.#output}`)
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    try {
      const end = await eventually(
        `${this.name} is ready at ${this.url}`,
        async () => {
          if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'ended'
          const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })
          await answer.arrayBuffer()
          return answer.ok ? 'ready' : null
        },
        { deadlineMs: readyMsMax, every: 25 },
      )
      if (end === 'ended') throw new Error(`${this.name} ended before it was ready.`)
    } catch (error) {
      await this.kill()
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${this.#output}`, { cause: error })
    }
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-outputCharactersMax)
  }
}

/** The environment of this process without settings that would reach the product from outside. */
function ownEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(STOCKMESH_|NODE_OPTIONS$|VITEST)/.test(entry[0]),
  )
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: '1',
    STOCKMESH_ADMIN_TOKEN: adminToken,
    STOCKMESH_SHOP_KEY: shopKey,
  }
}
