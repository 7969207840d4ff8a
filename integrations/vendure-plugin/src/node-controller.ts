/**
 * The routes that the node calls, below `/stockmesh/v1`. Whoever calls has the companion's key, or is an administrator,
 * by session or by one of Vendure's API keys, with the permission `StockmeshNode`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Body, Controller, Get, HttpCode, HttpException, Inject, Post, Query, Req, UseFilters } from '@nestjs/common'
import {
  Allow,
  Ctx,
  Logger,
  Permission,
  PermissionDefinition,
  type RequestContext,
  VENDURE_VERSION,
} from '@vendure/core'
import type { Request } from 'express'
import { FailureFilter } from './failure-filter'
import { Ledger } from './ledger'
import { pluginOptions, type StockmeshPluginOptions } from './options'
import { LedgerRefusal } from './refusal'
import { failure, parseAttach, parseFeedQuery, parseListQuery, parseLocation, parseOperations } from './request'
import { ScopeReader } from './scope-reader'

export const nodePermission = new PermissionDefinition({
  name: 'StockmeshNode',
  description: 'Reads the stock of every variant and adjusts it, as the Stockmesh node beside the shop does',
})

type Loose = Readonly<Record<string, unknown>>

@Controller('stockmesh/v1')
@UseFilters(FailureFilter)
export class NodeController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(ScopeReader) private readonly scopes: ScopeReader,
  ) {}

  @Get('about')
  @Allow(Permission.Public)
  async about(@Ctx() ctx: RequestContext, @Req() request: Request, @Query() query: Loose): Promise<object> {
    this.assertAllowed(ctx, request)
    const location = parseLocation(query)
    return answered(async () => ({
      platform: 'vendure',
      version: VENDURE_VERSION,
      shopUrl: this.options.shopUrl,
      locations: await this.scopes.list(),
      isLocationFixed: (await this.scopes.read()).isLocationFixed,
      ...(await this.ledger.about(location)),
    }))
  }

  @Get('stock-rows')
  @Allow(Permission.Public)
  async stockRows(@Ctx() ctx: RequestContext, @Req() request: Request, @Query() query: Loose): Promise<object> {
    this.assertAllowed(ctx, request)
    const { after, limit } = parseListQuery(query)
    const location = parseLocation(query)
    return answered(() => this.ledger.list(after, limit, location))
  }

  @Get('feed')
  @Allow(Permission.Public)
  async feed(@Ctx() ctx: RequestContext, @Req() request: Request, @Query() query: Loose): Promise<object> {
    this.assertAllowed(ctx, request)
    return answered(() => this.ledger.feed(parseFeedQuery(query), () => request.socket.destroyed))
  }

  @Post('feed/attach')
  @HttpCode(200)
  @Allow(Permission.Public)
  async attach(
    @Ctx() ctx: RequestContext,
    @Req() request: Request,
    @Query() query: Loose,
    @Body() body: unknown,
  ): Promise<object> {
    this.assertAllowed(ctx, request)
    const attachment = parseAttach(body)
    const location = parseLocation(query)
    return answered(() => this.ledger.attach(attachment, location))
  }

  @Post('adjust')
  @HttpCode(200)
  @Allow(Permission.Public)
  async adjust(
    @Ctx() ctx: RequestContext,
    @Req() request: Request,
    @Query() query: Loose,
    @Body() body: unknown,
  ): Promise<object> {
    this.assertAllowed(ctx, request)
    const operations = parseOperations(body)
    const location = parseLocation(query)
    return answered(async () => ({ results: await this.ledger.adjust(operations, location) }))
  }

  /** A copy of the shop may not say of itself that it is another one: the key was copied with it. */
  @Post('claim')
  @HttpCode(200)
  @Allow(Permission.Public)
  async claim(@Ctx() ctx: RequestContext): Promise<object> {
    if (!ctx.userHasPermissions([nodePermission.Permission])) {
      throw failure(403, 'not-allowed', 'Only an administrator with the permission StockmeshNode can do this.')
    }
    return answered(async () => {
      await this.ledger.claim()
      return {}
    })
  }

  private assertAllowed(ctx: RequestContext, request: Request): void {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (isSame(token, this.options.key) || ctx.userHasPermissions([nodePermission.Permission])) return
    throw failure(401, 'key-rejected', 'This is not the key of this shop.')
  }
}

/** The time it takes tells nothing of the key. */
function isSame(given: string, key: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(key))
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HttpException) throw error
    if (error instanceof LedgerRefusal) throw failure(409, error.code, error.message)
    Logger.error(String(error), 'Stockmesh', error instanceof Error ? error.stack : undefined)
    throw failure(503, 'shop-error', 'The shop could not do this now. Try again.')
  }
}
