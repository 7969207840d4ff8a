/**
 * Chance from a seed: the same seed gives the same catalogue and the same plan of faults. The generator is mulberry32
 * (Tommy Ettinger, public domain).
 */
export interface Random {
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): readonly T[]
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    between,
    pick: (items) => {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new Error('Nothing can be picked from an empty list.')
      return item
    },
    shuffle: (items) => {
      const shuffled = [...items]
      for (let index = shuffled.length - 1; index > 0; index -= 1) {
        const other = between(0, index)
        const [one, two] = [shuffled[index], shuffled[other]]
        if (one !== undefined && two !== undefined) [shuffled[index], shuffled[other]] = [two, one]
      }
      return shuffled
    },
  }
}
