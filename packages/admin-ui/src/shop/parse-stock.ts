/** What a person typed as a stock: a whole number, nothing for "not tracked", or neither. */
export function parseStock(typed: string): number | null | 'invalid' {
  const trimmed = typed.trim().replace('−', '-')
  if (trimmed === '') {
    return null
  }
  return /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : 'invalid'
}
