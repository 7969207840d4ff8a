/**
 * The interface's own description, OpenAPI 3.1, made from the tables that are mounted and the very schemas that
 * validate. It holds no data, so anyone may read it.
 */
import { z, type ZodType } from 'zod'
import { errorAnswer } from './answer-schema.ts'
import { localeParameter } from './csv-locale.ts'
import { idempotencyKeyCharactersMax } from './limits.ts'
import type { Operation } from './operation.ts'
import { defineRoute, type ErrorCodes, type Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** Made when it is first asked for; it does not change while the process runs. */
export function openapiRoute(describe: () => Json): Route {
  let described: Json | null = null
  return defineRoute('GET', '/openapi.json', {
    summary: 'This description.',
    access: 'anyone',
    answers: z.record(z.string(), z.unknown()),
    answer: () => (described ??= describe()),
  })
}

export function describeInterface(operations: readonly Operation[], release: string): Json {
  const components = new Map<string, unknown>()
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation, components) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Stockmesh', version: release, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: signedIn,
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'One of `/tokens`, STOCKMESH_ADMIN_TOKEN, or what DIR/cli-token holds.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'stockmesh-‹node id›',
          description: 'A browser that signed in; a change also carries the header `X-Stockmesh: 1`.',
        },
      },
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  }
}

const description = `One physical stock, several webshops: the calls of one node. Times are ISO 8601 in UTC, quantities
whole numbers. Fields may be added to every answer. A request's unknown field is refused. Codes of errors are stable.
\`x-access\` says who may call at least: anyone, a visitor of an open shop, a viewer, or an admin.`

const signedIn: readonly Json[] = [{ bearer: [] }, { session: [] }]
const security = { anyone: [], visitor: [{}, ...signedIn], viewer: signedIn, admin: signedIn } as const

function describeOperation(operation: Operation, components: Map<string, unknown>): Json {
  const isStream = operation.type === 'text/event-stream'
  const { path, summary, access, query, body, status, otherStatus, type, answers, errors } = operation
  const schema = answers === null ? null : answerSchema(answers, components)
  const content = schema === null ? {} : isStream ? streamContent(schema) : { schema }
  const success =
    status === 204 ? { description: 'Done.' } : { description: 'The answer.', content: { [type]: content } }
  return {
    summary,
    operationId: nameOf(operation),
    tags: [tagOf(path)],
    security: security[access],
    'x-access': access,
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => pathParameter(name ?? '')),
      ...queryParameters(query),
      ...(type === 'text/csv' ? [localeParameter] : []),
      ...('idempotency-key-reused' in errors ? [idempotencyKey] : []),
      ...(isStream ? [lastEventId] : []),
    ],
    ...(body === null ? {} : describeBody(body)),
    responses: {
      [status]: success,
      ...(otherStatus === null ? {} : { [otherStatus]: success }),
      ...refusals(errors, components),
    },
  }
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same call under the same key is done once and answered alike, for 7 days and over restarts.',
  schema: { type: 'string', minLength: 1, maxLength: idempotencyKeyCharactersMax },
}

const lastEventId: Json = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'Goes on after this event.',
  schema: { type: 'string' },
}

/** OpenAPI 3.1 has no word for the events of a stream. */
function streamContent(data: Json): Json {
  return { schema: { type: 'string' }, 'x-event-data': data }
}

function pathParameter(name: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string' } }
}

function queryParameters(query: ZodType): readonly Json[] {
  const { properties, required } = requestSchema(query) as {
    readonly properties?: Readonly<Record<string, Json>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties ?? {}).map(([name, { description: said, ...schema }]) => ({
    name,
    in: 'query',
    ...(required?.includes(name) === true ? { required: true } : {}),
    ...(said === undefined ? {} : { description: said }),
    schema,
  }))
}

/** No body means `{}`, so a body is required only where `{}` would not do. */
function describeBody(body: ZodType): Json {
  const schema = requestSchema(body)
  if (schema['type'] === 'object' && Object.keys(schema['properties'] ?? {}).length === 0) return {}
  return {
    requestBody: { required: !body.safeParse({}).success, content: { 'application/json': { schema } } },
  }
}

function refusals(errors: ErrorCodes, components: Map<string, unknown>): Json {
  const codes = new Map<number, string[]>()
  for (const [code, status] of Object.entries(errors)) codes.set(status, [...(codes.get(status) ?? []), code])
  const schema = answerSchema(errorAnswer, components)
  return Object.fromEntries(
    [...codes].map(([status, named]) => [
      status,
      { description: named.map((code) => `\`${code}\``).join(', '), content: { 'application/json': { schema } } },
    ]),
  )
}

function requestSchema(schema: ZodType): Json {
  return convert(schema, 'input')
}

/** Schemas with a name of their own go to the components. Callers must expect more fields than are named. */
function answerSchema(schema: ZodType, components: Map<string, unknown>): Json {
  const { $defs, ...own } = convert(schema, 'output')
  for (const [name, definition] of Object.entries($defs ?? {})) components.set(name, definition)
  return own
}

function convert(schema: ZodType, io: 'input' | 'output'): Json {
  const converted = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // Bounds and patterns that only repeat what "integer" and "date-time" say.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
      // It is said of arrays that nobody changes inside the node, and means something else here.
      delete jsonSchema.readOnly
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  const { $schema: _dialect, ...rest } = JSON.parse(
    JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Record<string, unknown>
  return rest
}

/** `GET /api/v1/stock/:sku` is `getStockSku`; of the shop `getShopOrders`. */
function nameOf({ method, path }: Operation): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .replace(/^\/shop\/v1/, '/shop')
    .split(/[^A-Za-z0-9]+/)
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function tagOf(path: string): string {
  if (path.startsWith('/api/v1/')) return 'node'
  return path.startsWith('/shop/v1/') ? 'shop' : 'health'
}
