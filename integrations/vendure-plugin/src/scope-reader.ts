/** Which channel the feed tells of, and which stock location unless the node asks for another; read once. */
import { Inject, Injectable } from '@nestjs/common'
import {
  ChannelService,
  type ID,
  RequestContextService,
  StockLocation,
  StockLocationService,
  TransactionalConnection,
} from '@vendure/core'
import type { StockmeshState } from './entities'
import { pluginOptions, type StockmeshPluginOptions } from './options'
import type { Scope } from './variant-facts'

/** Where nobody has picked a location. */
export interface ShopScope extends Scope {
  /** The shop's configuration names the location, and nobody picks another one. */
  readonly isLocationFixed: boolean
}

@Injectable()
export class ScopeReader {
  private scope: Promise<ShopScope> | null = null
  private readonly known = new Map<string, ID>()

  constructor(
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(ChannelService) private readonly channels: ChannelService,
    @Inject(StockLocationService) private readonly locations: StockLocationService,
    @Inject(RequestContextService) private readonly contexts: RequestContextService,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
  ) {}

  /** A channel or a location that is not there is an error, and is looked for again at the next call. */
  read(): Promise<ShopScope> {
    this.scope ??= this.find().catch((error: unknown) => {
      this.scope = null
      throw error
    })
    return this.scope
  }

  /** The feed's: at the location that was picked, while it is there. null: there is no feed yet. */
  async of(state: Pick<StockmeshState, 'scope'> | null): Promise<Scope> {
    const shop = await this.read()
    const channel = `${shop.channelId}/`
    if (state === null || shop.isLocationFixed || !state.scope.startsWith(channel)) return shop
    const locationId = await this.locationOf(state.scope.slice(channel.length))
    return { ...shop, locationId: locationId ?? shop.locationId }
  }

  /** The id of a location as the database has it; null: there is none. */
  async locationOf(text: string): Promise<ID | null> {
    const known = this.known.get(text)
    if (known !== undefined) return known
    const all = await this.connection.getRepository(StockLocation).find({ select: { id: true } })
    const found = all.find(({ id }) => String(id) === text)
    if (found === undefined) return null
    this.known.set(text, found.id)
    return found.id
  }

  /** The locations of the channel. */
  async list(): Promise<readonly { id: string; name: string }[]> {
    const { channelId } = await this.read()
    const found = await this.connection
      .getRepository(StockLocation)
      .find({ where: { channels: { id: channelId } }, order: { id: 'ASC' }, take: 100 })
    return found.map(({ id, name }) => ({ id: String(id), name }))
  }

  private async find(): Promise<ShopScope> {
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
    return {
      channelId: channel.id,
      locationId: location.id,
      languageCode: channel.defaultLanguageCode,
      isLocationFixed: stockLocationId !== undefined,
    }
  }
}
