/**
 * The shop that this node is beside: which platforms there are, trying one, choosing it, and the health of its
 * catalogue. A trial writes nothing anywhere; a secret goes in and never comes out.
 */
import type {
  CatalogueFault,
  CatalogueFaultItem,
  CatalogueHealth,
  ConnectorAnswer,
  ConnectorTrial,
  List,
  OtherWriter,
  PlatformItem,
} from '@stockmesh/protocol'
import { z, type ZodType } from 'zod'
import { amount, exactly } from './answer-schema.ts'
import { shopLocation } from './answers.ts'
import { connectorFieldsMax, settingCharactersMax } from './limits.ts'
import type { PageQuery } from './node-api.ts'
import { defineList, defineRoute, type ErrorCodes, type Route } from './route.ts'
import { pageQuery } from './schemas.ts'
import { shopFailures } from './shop-failures.ts'

/** What was entered for a platform: a text for each field. */
export interface ConnectorRequest {
  readonly platform: string
  readonly settings: Readonly<Record<string, string>>
}

/** What these calls need from the node. Every method may throw an `ApiFailure`. */
export interface ConnectorApi {
  platforms(): Promise<readonly PlatformItem[]>
  connector(): ConnectorAnswer
  tryConnector(request: ConnectorRequest): Promise<ConnectorTrial>
  /** `otherWriters` undefined leaves what was answered before. */
  chooseConnector(
    request: ConnectorRequest & { readonly otherWriters?: readonly OtherWriter[] | null | undefined },
  ): Promise<ConnectorAnswer>
  /** The first page reads the shop anew; the pages after it are of the same reading. */
  catalogueHealth(query: PageQuery): Promise<CatalogueHealth>
}

const name = z.string().trim().min(1).max(100)
const request = {
  platform: name,
  settings: z
    .record(name, z.string().max(settingCharactersMax))
    .refine((given) => Object.keys(given).length <= connectorFieldsMax, `There are at most ${connectorFieldsMax}.`)
    .default({})
    .describe(
      'A text for each field. A secret that is absent stays as it is kept, while nothing else of the same platform changes.',
    ),
}
const otherWriter = z.enum(['erp', 'supplier-feed', 'sync-app', 'other'])

const trialBody: ZodType<ConnectorRequest> = z.strictObject(request)
const chooseBody: ZodType<Parameters<ConnectorApi['chooseConnector']>[0]> = z.strictObject({
  ...request,
  otherWriters: z
    .array(otherWriter)
    .max(otherWriter.options.length)
    .nullable()
    .optional()
    .describe('What else changes stock numbers in the shop; absent: as it was answered before.'),
})

const promise = z.enum(['exact', 'best-effort'])

const platformItem: ZodType<PlatformItem> = exactly<PlatformItem>()(
  z
    .strictObject({
      name: z.string(),
      fields: z
        .array(
          z.strictObject({
            name: z.string(),
            help: z.string(),
            secret: z.boolean(),
            required: z.boolean(),
            location: z.boolean().describe('Takes the id of one of the locations that a trial finds.'),
          }),
        )
        .readonly(),
    })
    .meta({ id: 'Platform' }),
)

export const platformList: ZodType<List<PlatformItem>> = z.strictObject({
  items: z.array(platformItem),
  next: z.string().nullable(),
  total: amount,
})

export const connectorAnswer: ZodType<ConnectorAnswer> = exactly<ConnectorAnswer>()(
  z
    .strictObject({
      platform: z.string(),
      settings: z.record(z.string(), z.string()).readonly().describe('Without secrets.'),
      secretsSet: z.array(z.string()).readonly(),
      fromEnvironment: z.array(z.string()).readonly(),
      fixed: z.boolean().describe('The command line or the environment names the platform.'),
      promise,
      location: shopLocation.nullable(),
      warnings: z.array(z.string()).readonly(),
      otherWriters: z.array(otherWriter).readonly().nullable().describe('null: nobody was asked yet.'),
    })
    .meta({ id: 'Connector' }),
)

export const connectorTrial: ZodType<ConnectorTrial> = exactly<ConnectorTrial>()(
  z
    .strictObject({
      platform: z.string(),
      release: z.string(),
      promise,
      mayWrite: z.boolean().nullable().describe('null: not to be known without writing.'),
      sample: z.strictObject({ sku: z.string().nullable(), name: z.string(), stock: z.number().nullable() }).nullable(),
      locations: z.array(shopLocation).readonly(),
      warnings: z.array(z.string()).readonly(),
      learned: z
        .record(z.string(), z.string())
        .readonly()
        .describe('Further settings that the trial found out; sent along, they are not tried again.'),
    })
    .meta({ id: 'ConnectorTrial' }),
)

const faultKinds = [
  'no-sku',
  'duplicate',
  'untracked',
  'fraction',
  'bundle',
  'negative',
  'other',
] as const satisfies readonly CatalogueFault[]

const catalogueFaultItem: ZodType<CatalogueFaultItem> = exactly<CatalogueFaultItem>()(
  z
    .strictObject({
      kind: z.enum(faultKinds),
      sku: z.string().nullable(),
      name: z.string(),
      products: z.array(z.string()).readonly().describe("The shop's own ids."),
    })
    .meta({ id: 'CatalogueFault' }),
)

export const catalogueHealth: ZodType<CatalogueHealth> = exactly<CatalogueHealth>()(
  z
    .strictObject({
      items: z.array(catalogueFaultItem).readonly(),
      next: z.string().nullable(),
      total: amount,
      rows: amount,
      products: amount,
      counts: z.record(z.enum(faultKinds), amount).readonly(),
    })
    .meta({ id: 'CatalogueHealth' }),
)

/** Whatever else a platform finds comes as one of these. */
const trialErrors: ErrorCodes = {
  'platform-unknown': 422,
  'connector-settings-invalid': 422,
  'shop-unreachable': 422,
  'shop-error': 422,
  'shop-answer-invalid': 422,
  'key-rejected': 422,
  'not-this-platform': 422,
  'release-unknown': 422,
  'not-writable': 422,
  'shop-copied': 422,
  'companion-missing': 422,
  'address-elsewhere': 422,
  'certificate-untrusted': 422,
  'permalinks-plain': 422,
  'stock-not-managed': 422,
  'not-transactional': 422,
}

export function connectorRoutes(node: ConnectorApi): readonly Route[] {
  return [
    defineRoute('GET', '/platforms', {
      summary: 'The kinds of shop that can be connected, each with what is entered for it.',
      access: 'viewer',
      answers: platformList,
      async answer() {
        const items = [...(await node.platforms())]
        return { items, next: null, total: items.length }
      },
    }),
    defineRoute('GET', '/connector', {
      summary: 'The shop that this node is beside; of a secret only whether there is one.',
      access: 'viewer',
      answers: connectorAnswer,
      answer: () => node.connector(),
    }),
    defineRoute('POST', '/connector/test', {
      summary: 'Reads one product of a shop with these settings. Nothing is written and nothing is kept.',
      answers: connectorTrial,
      errors: trialErrors,
      body: trialBody,
      answer: ({ body }) => node.tryConnector(body),
    }),
    defineRoute('POST', '/connector', {
      summary: 'Tries these settings, then keeps them: from then on the node is beside that shop.',
      answers: connectorAnswer,
      errors: {
        ...trialErrors,
        'location-needed': 422,
        'connector-fixed': 409,
        'leave-first': 409,
        'join-pending': 409,
      },
      body: chooseBody,
      answer: ({ body }) => node.chooseConnector(body),
    }),
    defineList('/connector/health', {
      summary: 'Reads the catalogue: what has no SKU, shares one, is not tracked, is negative, and the like.',
      access: 'viewer',
      item: catalogueFaultItem,
      answers: catalogueHealth,
      errors: shopFailures,
      query: pageQuery,
      columns: ['kind', 'sku', 'name', 'products'],
      page: (query) => node.catalogueHealth(query),
    }),
  ]
}
