/**
 * `stockmesh backup` and `stockmesh restore`. On a terminal one line says how far it is.
 */
import { resolve } from 'node:path'
import { type BackupProgress, writeBackup } from '../backup/backup-file.ts'
import { restoreBackup } from '../backup/restore.ts'
import { systemClock, systemRandom } from '../ports.ts'
import type { Invocation } from './client-command.ts'
import { connectNode } from './node-client.ts'
import { plain, printJson, shortTime } from './cell.ts'
import type { Terminal } from './terminal.ts'

export async function backup(invocation: Invocation): Promise<number> {
  const { settings, given, terminal } = invocation
  const file = resolve(given[0] ?? '')
  const node = await connectNode(invocation)
  const line = progressLine(terminal, settings.json)
  const connection = new AbortController()
  const { head, rows, bytes } = await node
    .openBackup(connection)
    .then((chunks) => writeBackup(file, chunks, systemRandom, (done) => line.show(`Copying: ${describe(done)}`)))
    .finally(() => {
      connection.abort()
      line.end()
    })
  const { shopId: shop, name, at, release } = head
  if (settings.json) printJson(terminal, { file, rows, bytes, shop, name, at: isoTime(at), release })
  else {
    terminal.print(`The backup of "${plain(name)}" is in ${file}: ${describe({ rows, bytes })}.\n`)
    terminal.print(
      'It holds the private key of this shop and the keys of its platform. Keep it as safe as a password.\n',
    )
  }
  return 0
}

export async function restore({ settings, given, terminal }: Invocation): Promise<number> {
  const line = progressLine(terminal, settings.json)
  const restored = await restoreBackup({
    file: resolve(given[0] ?? ''),
    directory: settings.data,
    clock: systemClock,
    onProgress: ({ step, total, ...done }) => {
      const share = total === 0 ? '' : `${Math.floor((100 * done.bytes) / total)} %, `
      line.show(`${step === 'checking' ? 'Checking the backup' : 'Writing'}: ${share}${describe(done)}`)
    },
  }).finally(() => line.end())
  const { directory, rows, bytes, kept, shop, head } = restored
  const { shopId, name, at, release } = head
  if (settings.json) {
    printJson(terminal, {
      directory,
      rows,
      bytes,
      shop: shopId,
      name,
      at: isoTime(at),
      release,
      kept,
      shopRestored: shop,
    })
    return 0
  }
  terminal.print(
    `"${plain(name)}" is restored in ${directory} as it was at ${shortTime(isoTime(at))}: ${describe(restored)}.\n`,
  )
  if (kept.length > 0) terminal.print(`What was there already stayed: ${kept.join(', ')}.\n`)
  if (shop) terminal.print('The shop inside the node is from the backup too: orders since then are not in it.\n')
  terminal.print(`Make sure that the old node does not run any more, then: stockmesh start --data ${directory}\n`)
  return 0
}

interface ProgressLine {
  show(text: string): void
  end(): void
}

/** Nothing where nobody looks: a backup is often made by a timer. */
function progressLine(terminal: Terminal, isJson: boolean): ProgressLine {
  let isOpen = false
  return {
    show(text) {
      if (!terminal.isTerminal || isJson) return
      isOpen = true
      terminal.print(`\r\u001b[K${text}`)
    },
    end() {
      if (isOpen) terminal.print('\r\u001b[K')
      isOpen = false
    },
  }
}

function describe({ rows, bytes }: BackupProgress): string {
  return `${rows} rows, ${(bytes / 1_000_000).toFixed(1)} MB`
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}
