/**
 * The part of FIQL that the stand-in's orders know: `id` and `modified_at` compared, `;` for and, `,` for or, groups in
 * parentheses. Times without a zone are the shop's own time of day.
 */
export function matchesFiql(filter: string, order: Readonly<Record<string, unknown>>): boolean {
  return split(filter, ',').some((either) => split(either, ';').every((part) => matchesPart(part, order)))
}

function matchesPart(part: string, order: Readonly<Record<string, unknown>>): boolean {
  if (part.startsWith('(') && part.endsWith(')')) return matchesFiql(part.slice(1, -1), order)
  const match = /^(id|modified_at)(==|=gt=|=gte=|=lt=|=lte=)(.+)$/.exec(part)
  if (match === null) throw new Error(`The stand-in does not know the filter ${part}.`)
  const [, field = '', comparison, text = ''] = match
  const wanted = field === 'id' ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`)
  const has = field === 'id' ? Number(order['id']) : Date.parse(`${String(order['modified_at']).slice(0, 19)}Z`)
  switch (comparison) {
    case '=gt=':
      return has > wanted
    case '=gte=':
      return has >= wanted
    case '=lt=':
      return has < wanted
    case '=lte=':
      return has <= wanted
    default:
      return has === wanted
  }
}

/** Parts between separators that stand in no group. */
function split(filter: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const character of filter) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === separator && depth === 0) {
      parts.push(part)
      part = ''
    } else part += character
  }
  return [...parts, part]
}
