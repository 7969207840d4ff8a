/**
 * Holds answers against the description that the node gives of itself: a field too few or too many, a wrong type, or a
 * refusal that the description does not name is an error. Only what is described is looked at.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

interface Described {
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

interface InterfaceDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

export interface SeenAnswer {
  readonly method: string
  /** As it was called, with or without a query. */
  readonly path: string
  readonly status: number
  readonly json: unknown
}

const checks = new Map<string, AnswerCheck>()

/** The check by what the node at this address says of itself; made once for each description. */
export async function answerCheckOf(url: string): Promise<AnswerCheck> {
  const text = await (await fetch(`${url}/api/v1/openapi.json`)).text()
  const check = checks.get(text) ?? new AnswerCheck(JSON.parse(text) as object)
  checks.set(text, check)
  return check
}

export class AnswerCheck {
  readonly #description: InterfaceDescription
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { 'date-time': isTime } })
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #paths: readonly { readonly path: string; readonly pattern: RegExp }[]

  constructor(document: object) {
    const description = document as InterfaceDescription
    this.#description = description
    this.#ajv.addSchema(closed(description) as object, 'interface')
    this.#paths = Object.keys(description.paths)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`) }))
      .sort((one, other) => varying(one.path) - varying(other.path))
  }

  /** Throws with what does not fit. */
  assert({ method, path, status, json }: SeenAnswer): void {
    const called = path.split('?', 1)[0] ?? ''
    const found = this.#paths.find(({ pattern }) => pattern.test(called))
    const verb = method.toLowerCase()
    const operation = found === undefined ? undefined : this.#description.paths[found.path]?.[verb]
    // A failure of the node itself has no place in a description.
    if (found === undefined || operation === undefined || status === 500) return
    const call = `${method} ${found.path} -> ${status}`
    const described = operation.responses[status]
    if (described === undefined) throw new Error(`${call} is not described: ${JSON.stringify(json)}`)
    const code = (json as { error?: { code: string } } | null)?.error?.code
    if (code !== undefined && !described.description.includes(`\`${code}\``)) {
      throw new Error(`${call} ${code} is not described; add it to the errors of the route`)
    }
    const pointer = ['paths', found.path, verb, 'responses', String(status), 'content', 'application/json', 'schema']
    const reference = `interface#/${pointer.map(escaped).join('/')}`
    const validate = this.#compiled.get(reference) ?? this.#ajv.compile({ $ref: reference })
    this.#compiled.set(reference, validate)
    if (!validate(json)) {
      const faults = this.#ajv.errorsText(validate.errors, { dataVar: 'answer' })
      throw new Error(`${call} is not what is described: ${faults}\n${JSON.stringify(json)}`)
    }
  }
}

/** The description leaves room for fields to come; a test does not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]))
  return parts['type'] === 'object' && 'properties' in parts ? { additionalProperties: false, ...parts } : parts
}

function varying(path: string): number {
  return path.split('{').length
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text))
}
