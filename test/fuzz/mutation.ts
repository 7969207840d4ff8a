/** Bytes that are almost those that somebody expects, and texts that are not what they should be. */
import type { SeededRandom } from '../protocol/random.ts'

/** Numbers on the edges of what a byte, a length or a quantity can be. */
const edges = [0, 1, 0x7f, 0x80, 0xff]

/** A changed copy: bits flipped, bytes set, cut, doubled, moved, or a piece of another one put in. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: SeededRandom): Uint8Array {
  let changed = bytes
  for (let round = random.below(4); round >= 0; round -= 1) changed = mutateOnce(changed, other, random)
  return changed
}

function mutateOnce(bytes: Uint8Array, other: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length + 1)
  const end = at + random.below(Math.min(16, bytes.length - at) + 1)
  switch (random.below(7)) {
    case 0:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte))
    case 1:
      return bytes.map((byte, index) => (index === at ? random.pick(edges) : byte))
    case 2:
      return bytes.slice(0, at)
    case 3:
      return joined(bytes.subarray(0, end), bytes.subarray(at))
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(end))
    case 5: {
      const from = random.below(other.length + 1)
      return joined(bytes.subarray(0, at), other.subarray(from, from + random.below(32)), bytes.subarray(end))
    }
    default:
      return joined(bytes.subarray(0, at), randomBytes(random.below(12), random), bytes.subarray(at))
  }
}

export function randomBytes(count: number, random: SeededRandom): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.below(256))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** What programs trip over in the place of a name, a number or a path. */
export const awkwardTexts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  '9007199254740993',
  'null',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '%E0%A4%A',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '=1+1',
  'æøå ÆØÅ',
  '\u202eabc',
  '\ud800',
  'a'.repeat(5_000),
  '2026-02-30T25:00:00Z',
]
