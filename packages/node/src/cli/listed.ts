/**
 * One of a list by its id, as a person types it: the beginning is enough where only one begins so.
 */
const prefixCharactersMin = 4

/** null where none has it, or several begin so. */
export function listed<T extends { readonly id: string }>(items: readonly T[], text: string): T | null {
  const exact = items.find(({ id }) => id === text)
  if (exact !== undefined || text.length < prefixCharactersMin) return exact ?? null
  const [first, second] = items.filter(({ id }) => id.startsWith(text))
  return first !== undefined && second === undefined ? first : null
}
