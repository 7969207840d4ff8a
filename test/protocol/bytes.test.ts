/**
 * Reading and writing: what short and long values share, and writers that are used again.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createWriter,
  finish,
  parseBytes,
  readFixed,
  readText,
  readUint,
  writeFixed,
  writeText,
  writeUint,
} from '../../packages/protocol/src/bytes.ts'
import { check } from './arbitraries.ts'

const aText = fc.oneof(
  fc.string({ maxLength: 40, unit: 'grapheme-ascii' }),
  fc.string({ maxLength: 40, unit: 'grapheme' }),
)

it('texts and bytes of any length come back as they were, one behind the other', () => {
  check(
    fc.property(aText, fc.uint8Array({ maxLength: 3_000 }), aText, (before, bytes, behind) => {
      const writer = createWriter()
      writeText(writer, before)
      writeFixed(writer, bytes)
      writeText(writer, behind)
      const read = parseBytes(finish(writer), (reader) => [
        readText(reader, 200),
        readFixed(reader, bytes.length),
        readText(reader, 200),
      ])
      expect(read).toEqual({ ok: true, value: [before, bytes, behind] })
    }),
  )
})

it('a text is refused above its limit, however short it is, and where its bytes end early', () => {
  const writer = createWriter()
  writeText(writer, 'abcd')
  const bytes = finish(writer)
  expect(parseBytes(bytes, (reader) => readText(reader, 4))).toEqual({ ok: true, value: 'abcd' })
  expect(parseBytes(bytes, (reader) => readText(reader, 3))).toMatchObject({ ok: false, code: 'malformed' })
  const torn = bytes.subarray(0, 3)
  expect(parseBytes(torn, (reader) => readText(reader, 4))).toMatchObject({ ok: false, code: 'malformed' })
  // Behind its end lies what is not its own.
  const within = Uint8Array.from([...bytes, 120, 120]).subarray(0, 3)
  expect(parseBytes(within, (reader) => readText(reader, 4))).toMatchObject({ ok: false, code: 'malformed' })
})

it('writers that are used again and inside each other keep apart', () => {
  const kept = Array.from({ length: 50 }, (_, outer) => {
    const writer = createWriter()
    writeUint(writer, outer)
    const inner = createWriter()
    writeUint(inner, 1_000 + outer)
    writeFixed(writer, finish(inner))
    return finish(writer)
  })
  for (const [outer, bytes] of kept.entries()) {
    const read = parseBytes(bytes, (reader) => [readUint(reader), readUint(reader)])
    expect(read).toEqual({ ok: true, value: [outer, 1_000 + outer] })
  }
})

it('a writer is finished once', () => {
  const writer = createWriter()
  writeUint(writer, 1)
  finish(writer)
  expect(() => finish(writer)).toThrow('finished once')
})
