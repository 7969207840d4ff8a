/** A path with its query; parameters that are empty are left out, so that equal queries are equal strings. */
export function pathWith(path: string, parameters: Readonly<Record<string, string | number | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== '') {
      query.set(name, String(value))
    }
  }
  const written = query.toString()
  return written === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${written}`
}
