/**
 * The interface describes itself: a valid document, every call that is mounted and no other, made of the schemas that
 * validate.
 */
import { validate } from '@readme/openapi-parser'
import type { Express } from 'express'
import { expect, test } from 'vitest'
import { createShopRouter } from '../../packages/node/src/shop/shop-router.ts'
import { shopOperations } from '../../packages/node/src/shop/shop-routes.ts'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import { openRunningApp, type RunningApp } from './running-app.ts'

interface Operation {
  readonly summary: string
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { schema: object }>> }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** A layer of an express router: a route, or another router below a path. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
  readonly rawPath: unknown
}

const nobody = { open: false, role: () => 'none' as const }
// It is mounted and described; no call reaches it here.
const handle = createShopRouter({} as Shop, nobody)
const withShop = { shop: { isOpen: () => true, handle, operations: shopOperations('/shop/v1') } }

test('the document is valid OpenAPI 3.1, and anyone may read it', async () => {
  await using app = await openRunningApp(withShop)
  const { status, json } = await app.send('/api/v1/openapi.json')
  expect(status).toBe(200)
  expect(json.openapi).toBe('3.1.0')
  expect(await validate(structuredClone(json))).toMatchObject({ valid: true, warnings: [] })
})

test('every call that is mounted stands in it, and none that is not', async () => {
  await using app = await openRunningApp(withShop)
  const { paths } = await documentOf(app)
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  // Pages are for people, not for programs.
  const pages = ['get /', 'get /shop', 'get /shop/admin']
  const mounted = mountedIn(app.express).filter((call) => !pages.includes(call))
  // The door for hints is named after the shop that the node is beside.
  const named = mounted.map((call) => call.replace('/hooks/:connector', '/hooks/builtin'))
  expect(described.toSorted()).toEqual(named.toSorted())
  expect(described).toContain('get /shop/v1/orders.csv')
  expect(described.length).toBeGreaterThan(40)
})

test('a node whose shop runs by itself does not describe the shop', async () => {
  await using app = await openRunningApp()
  const { paths } = await documentOf(app)
  expect(Object.keys(paths).filter((path) => path.startsWith('/shop'))).toEqual([])
})

test('every call says in a sentence what it does, who may make it, and has a name of its own', async () => {
  await using app = await openRunningApp(withShop)
  const operations = operationsOf(await documentOf(app))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { path, method, summary, security, responses } of operations) {
    expect(summary, path).toMatch(/^[A-Z].*\.$/)
    const isOpen = !path.startsWith('/shop/v1') && security.length === 0
    // A hint carries no token: its signature says whose it is.
    if (isOpen && method !== 'get') expect(['/api/v1/setup', '/api/v1/session', '/hooks/builtin']).toContain(path)
    if (!isOpen) expect(Object.keys(responses), path).toContain('401')
  }
  expect(
    operations
      .filter(({ security }) => JSON.stringify(security).startsWith('[{},'))
      .map(({ operationId }) => operationId),
  ).toEqual(['getShopProducts', 'postShopOrders'])
})

test('every POST that changes something takes an Idempotency-Key, every list a cursor, a limit and .csv', async () => {
  await using app = await openRunningApp(withShop)
  const document = await documentOf(app)
  for (const { path, method, parameters } of operationsOf(document)) {
    const names = parameters.map(({ name }) => name)
    const takesPassword = ['setup', 'session', 'password', 'viewer-password', 'tokens'].some(
      (last) => path === `/api/v1/${last}`,
    )
    const changes = method === 'post' && !takesPassword && !path.startsWith('/hooks/')
    expect(names.includes('Idempotency-Key'), path).toBe(changes)
    if (!path.endsWith('.csv')) continue
    expect(names).toEqual(expect.arrayContaining(['after', 'limit']))
    expect(document.paths[path.slice(0, -4)]).toHaveProperty('get')
  }
})

test('what it says of a body and a query is what validates', async () => {
  await using app = await openRunningApp(withShop)
  const { paths } = await documentOf(app)
  expect(paths['/api/v1/join']?.['post']?.requestBody).toEqual({
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            address: { type: 'string', minLength: 1, maxLength: 500 },
            importWhenAccepted: { type: 'boolean', default: false },
          },
          required: ['address'],
          additionalProperties: false,
        },
      },
    },
  })
  expect(paths['/api/v1/leave']?.['post']?.requestBody?.required).toBe(false)
  expect(paths['/api/v1/import']?.['get']?.requestBody).toBeUndefined()
  const parameters = paths['/api/v1/stock']?.['get']?.parameters ?? []
  expect(parameters.find(({ name }) => name === 'limit')?.schema).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 1_000,
  })
  expect(parameters.map(({ name }) => name)).toEqual(['after', 'limit', 'q', 'state', 'sku', 'behind', 'sort'])
})

test('an answer with a field too few, too many or of another type is seen', async () => {
  await using app = await openRunningApp()
  const [first] = app.node.items
  const answers = async (item: object): Promise<unknown> => {
    app.node.items = [{ ...first, ...item } as typeof first & object]
    return await app.call('GET', '/api/v1/stock')
  }
  await answers({})
  await expect(answers({ extra: 1 })).rejects.toThrow('must NOT have additional properties')
  await expect(answers({ level: undefined })).rejects.toThrow("must have required property 'level'")
  await expect(answers({ level: '1' })).rejects.toThrow('must be integer,null')
  await expect(answers({ updatedAt: 'yesterday' })).rejects.toThrow('date-time')
})

async function documentOf(app: RunningApp): Promise<Document> {
  return (await app.send('/api/v1/openapi.json')).json as Document
}

function operationsOf({
  paths,
}: Document): readonly (Operation & { readonly path: string; readonly method: string })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  )
}

/** Every route that express has, with its method; a route for all methods only refuses. */
function mountedIn({ router }: Express): readonly string[] {
  const walk = (stack: readonly Layer[], base: string): readonly string[] =>
    stack.flatMap((layer) => {
      if (layer.route !== undefined) {
        const { path, methods } = layer.route
        return Object.keys(methods)
          .filter((method) => method !== '_all')
          .map((method) => `${method} ${base}${path}`)
      }
      const { stack: below } = layer.handle
      return below === undefined ? [] : walk(below, base + (layer.rawPath === '/' ? '' : String(layer.rawPath)))
    })
  return walk((router as unknown as { readonly stack: readonly Layer[] }).stack, '')
}
