/**
 * The companion of Stockmesh in a Vendure shop.
 *
 * ```ts
 * plugins: [StockmeshPlugin.init({ key: process.env.STOCKMESH_KEY, shopUrl: 'https://shop.example' })]
 * ```
 */
import type { Type } from '@vendure/common/lib/shared-types'
import { PluginCommonModule, VendurePlugin } from '@vendure/core'
import { Adjustments } from './adjustments'
import { DiscoveryController } from './discovery-controller'
import { StockmeshFeedRow, StockmeshPending, StockmeshRow, StockmeshState } from './entities'
import { Hints } from './hints'
import { Ledger } from './ledger'
import { LevelSums } from './level-sums'
import { MovementRecorder } from './movement-recorder'
import { NodeController, nodePermission } from './node-controller'
import { assertOptions, pluginOptions, type StockmeshPluginOptions } from './options'
import { Quiet } from './quiet'
import { ScopeReader } from './scope-reader'
import { Wakeup } from './wakeup'

export { nodePermission, type StockmeshPluginOptions }

@VendurePlugin({
  imports: [PluginCommonModule],
  compatibility: '^3.7.0',
  controllers: [NodeController, DiscoveryController],
  entities: [StockmeshState, StockmeshPending, StockmeshFeedRow, StockmeshRow],
  providers: [
    { provide: pluginOptions, useFactory: () => StockmeshPlugin.options },
    ScopeReader,
    MovementRecorder,
    LevelSums,
    Wakeup,
    Hints,
    Quiet,
    Adjustments,
    Ledger,
  ],
  configuration: (config) => {
    config.authOptions.customPermissions.push(nodePermission)
    return config
  },
})
export class StockmeshPlugin {
  static options: StockmeshPluginOptions

  static init(options: StockmeshPluginOptions): Type<StockmeshPlugin> {
    assertOptions(options)
    this.options = options
    return StockmeshPlugin
  }
}
