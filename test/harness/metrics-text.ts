/**
 * The text format of Prometheus, read as strictly as its documentation describes it: every sample belongs to a metric
 * whose type and help were told before, and no series comes twice.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export interface MetricsText {
  readonly text: string
  /** By series, as `name{label="value"}`. */
  readonly values: ReadonlyMap<string, number>
  readonly types: ReadonlyMap<string, string>
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const sampleLine = new RegExp(`^(${name})(\\{${label}(?:,${label})*\\})? (\\S+)$`)
const helpLine = new RegExp(`^# HELP (${name}) (\\S.*)$`)
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary)$`)

export function parseMetrics(text: string): MetricsText {
  if (!text.endsWith('\n')) throw new Error('The last line must end.')
  const values = new Map<string, number>()
  const types = new Map<string, string>()
  const helps = new Set<string>()
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, helped] = helpLine.exec(line) ?? []
    const [, typed, type] = typeLine.exec(line) ?? []
    const [, sampled, labels = '', value] = sampleLine.exec(line) ?? []
    if (helped !== undefined) helps.add(helped)
    else if (typed !== undefined && type !== undefined) types.set(typed, type)
    else if (sampled !== undefined && value !== undefined) {
      const metric = [sampled, sampled.replace(/_(bucket|sum|count)$/, '')].find((one) => types.has(one))
      if (metric === undefined || !helps.has(metric)) throw new Error(`No type and help were told before: ${line}`)
      if (values.has(sampled + labels)) throw new Error(`The series comes twice: ${line}`)
      values.set(sampled + labels, numberOf(value))
    } else throw new Error(`This is no line of the format: ${line}`)
  }
  return { text, values, types }
}

/** As Go reads a float: any case of NaN and Inf. */
function numberOf(value: string): number {
  if (/^nan$/i.test(value)) return Number.NaN
  if (/^[+-]?inf$/i.test(value)) return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const number = Number(value)
  if (Number.isNaN(number)) throw new Error(`This is no number: ${value}`)
  return number
}
