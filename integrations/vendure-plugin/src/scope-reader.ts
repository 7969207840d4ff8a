/** Which channel and stock location the feed tells of; read once, since both are fixed while the shop runs. */
import { Inject, Injectable } from '@nestjs/common'
import {
  ChannelService,
  RequestContextService,
  StockLocation,
  StockLocationService,
  TransactionalConnection,
} from '@vendure/core'
import { pluginOptions, type StockmeshPluginOptions } from './options'
import type { Scope } from './variant-facts'

@Injectable()
export class ScopeReader {
  private scope: Promise<Scope> | null = null

  constructor(
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(ChannelService) private readonly channels: ChannelService,
    @Inject(StockLocationService) private readonly locations: StockLocationService,
    @Inject(RequestContextService) private readonly contexts: RequestContextService,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
  ) {}

  /** A channel or a location that is not there is an error, and is looked for again at the next call. */
  read(): Promise<Scope> {
    this.scope ??= this.find().catch((error: unknown) => {
      this.scope = null
      throw error
    })
    return this.scope
  }

  private async find(): Promise<Scope> {
    const { channelToken, stockLocationId } = this.options
    const channel =
      channelToken === undefined
        ? await this.channels.getDefaultChannel()
        : await this.channels.getChannelFromToken(channelToken)
    const ctx = await this.contexts.create({ apiType: 'admin', channelOrToken: channel })
    const location =
      stockLocationId === undefined
        ? await this.locations.defaultStockLocation(ctx)
        : await this.connection.getEntityOrThrow(ctx, StockLocation, stockLocationId)
    return { channelId: channel.id, locationId: location.id, languageCode: channel.defaultLanguageCode }
  }
}
