/**
 * A backup as bytes: whatever is cut off or turned in it is recognised, and nothing that is not whole counts as a backup.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backupFormat, BackupReader, BackupWriter, type Block } from '../../packages/node/src/backup/backup-format.ts'
import type { Entry } from '../../packages/node/src/storage/storage.ts'

const head = { format: 1, release: '0.1.0', shopId: 'SHOP', name: 'Butik DK', at: 1_780_000_000_000 }

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values)
}

function encoded(rows: readonly (readonly Entry[])[]): Uint8Array {
  const writer = new BackupWriter()
  const parts = [writer.begin(head), writer.add({ type: 'file', name: 'identity.json', bytes: bytes(1, 2, 3) })]
  for (const some of rows) parts.push(writer.add({ type: 'rows', database: 'node', rows: some }))
  return new Uint8Array(Buffer.concat([...parts, writer.end()]))
}

const backup = encoded([
  [[bytes(1, 2), bytes(9)]],
  [
    [bytes(1, 3), bytes()],
    [bytes(254), bytes(7, 7, 7)],
  ],
])

/** The blocks, or the code of what is wrong. */
function read(from: Uint8Array, piece = from.length): readonly Block[] | string {
  const reader = new BackupReader()
  const blocks: Block[] = []
  for (let at = 0; at < from.length; at += piece) {
    const taken = reader.take(from.slice(at, at + piece))
    if (!taken.ok) return taken.code
    blocks.push(...taken.value)
  }
  const end = reader.end()
  return end.ok ? blocks : end.code
}

it('gives back what was put in, however it is cut into pieces', () => {
  for (const piece of [1, 2, 7, 64, backup.length]) {
    const blocks = read(backup, piece)
    expect(blocks).toMatchObject([
      { type: 'head', head },
      { type: 'file', bytes: bytes(1, 2, 3) },
      { type: 'rows', database: 'node', rows: [[bytes(1, 2), bytes(9)]] },
      { type: 'rows', rows: [{}, [bytes(254), bytes(7, 7, 7)]] },
      { type: 'end', blocks: 4, rows: 3 },
    ])
  }
})

it('knows a backup that ends early at any place', () => {
  for (let length = 0; length < backup.length; length += 1) {
    expect(['backup-truncated', 'backup-foreign']).toContain(read(backup.slice(0, length)))
  }
})

it('knows a bit that has turned at any place', () => {
  for (let bit = 0; bit < backup.length * 8; bit += 1) {
    const turned = backup.slice()
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(typeof read(turned)).toBe('string')
  }
})

it('knows a block that is missing, doubled or at another place, and more behind the end', () => {
  const one = encoded([[[bytes(1), bytes(1)]], [[bytes(2), bytes(2)]]])
  const other = encoded([[[bytes(2), bytes(2)]], [[bytes(1), bytes(1)]]])
  const start = encoded([]).length - endLength()
  const block = (one.length - encoded([]).length) / 2
  const tail = one.slice(start + 2 * block)
  const [begin, first, second] = [
    one.slice(0, start),
    one.slice(start, start + block),
    one.slice(start + block, start + 2 * block),
  ]
  const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
  expect(typeof read(join(begin, first, second, tail))).toBe('object')
  expect(read(join(begin, first, tail))).toBe('backup-damaged')
  expect(read(join(begin, first, first, second, tail))).toBe('backup-damaged')
  expect(read(join(begin, second, first, tail))).toBe('backup-damaged')
  expect(read(join(one, first))).toBe('backup-damaged')
  expect(read(join(other, tail))).toBe('backup-damaged')
})

function endLength(): number {
  const writer = new BackupWriter()
  writer.begin(head)
  return writer.end().length
}

it('takes no name of a file that leads elsewhere', () => {
  for (const [name, isTaken] of [
    ['connector.json', true],
    ['connector/openbizbox-1a2b/write-stop.json', true],
    ['connector/../identity.json', false],
    ['connector/shop/journal/CURRENT', false],
    ['../connector.json', false],
    ['/etc/passwd', false],
  ] as const) {
    const writer = new BackupWriter()
    const file = { type: 'file', name: name as 'connector.json', bytes: bytes(1) } as const
    const whole = new Uint8Array(Buffer.concat([writer.begin(head), writer.add(file), writer.end()]))
    expect([name, typeof read(whole) === 'object']).toEqual([name, isTaken])
  }
})

it('takes any bytes for no backup, and a newer format for a newer release’s', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
      expect(read(any)).toBe('backup-foreign')
    }),
  )
  const newer = new BackupWriter()
  expect(read(newer.begin({ ...head, format: backupFormat + 1 }))).toBe('backup-format')
})

it('passes on why the node could not go on', () => {
  const writer = new BackupWriter()
  const parts = [
    writer.begin(head),
    writer.add({ type: 'failure', code: 'database-damaged', message: 'A row is damaged.' }),
  ]
  expect(read(new Uint8Array(Buffer.concat(parts)))).toBe('database-damaged')
})
