/**
 * Answers of a pure function of bytes, kept as long as those bytes are. Nobody may change the bytes afterwards; the same
 * content in other memory is asked anew.
 */
export function remembered<T extends object | string>(of: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const answers = new WeakMap<Uint8Array, T>()
  return (bytes) => {
    const known = answers.get(bytes)
    if (known !== undefined) return known
    const answer = of(bytes)
    answers.set(bytes, answer)
    return answer
  }
}
