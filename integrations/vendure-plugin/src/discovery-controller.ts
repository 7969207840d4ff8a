/** `/.well-known/stockmesh`: whoever types the shop's domain finds the node beside it. */
import { Controller, Get, Inject, UseFilters } from '@nestjs/common'
import { Allow, Permission } from '@vendure/core'
import { FailureFilter } from './failure-filter'
import { pluginOptions, type StockmeshPluginOptions } from './options'
import { failure } from './request'

@Controller('.well-known')
@UseFilters(FailureFilter)
export class DiscoveryController {
  constructor(@Inject(pluginOptions) private readonly options: StockmeshPluginOptions) {}

  @Get('stockmesh')
  @Allow(Permission.Public)
  stockmesh(): { url: string } {
    const { nodeUrl } = this.options
    if (nodeUrl === undefined) throw failure(404, 'node-not-found', 'The shop was not told the address of its node.')
    return { url: nodeUrl }
  }
}
