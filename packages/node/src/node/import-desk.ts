/**
 * The import as the HTTP interface asks about it beyond starting and following it: what it will do, pausing, resuming and
 * cancelling it, and taking it back.
 */
import type {
  CountAnswer,
  ImportAnswer,
  ImportPreview,
  ImportPreviewItem,
  ImportWord,
  List,
  Result,
} from '@stockmesh/protocol'
import type { ImportApi } from '../http/import-routes.ts'
import { ApiFailure, type PageQuery } from '../http/node-api.ts'
import type { MadePreview } from '../shop-sync/import-preview.ts'
import { pageOf } from '../views/short-list.ts'
import type { NodeHost } from './node-host.ts'
import { assertMayChange } from './node-stock-changes.ts'
import { refuseWhileAside } from './pause-desk.ts'
import { useThisShop } from './this-shop-numbers.ts'

export class ImportDesk implements ImportApi {
  readonly #host: () => Pick<NodeHost, 'node' | 'now' | 'change'>

  /** `host` may throw an `ApiFailure` while there is none. */
  constructor(host: () => Pick<NodeHost, 'node' | 'now' | 'change'>) {
    this.#host = host
  }

  importPreview(): ImportPreview {
    return this.#preview().totals
  }

  importPreviewItems(query: PageQuery): List<ImportPreviewItem> {
    // A cursor that is none of this list is told of first.
    pageOf([], String, query)
    return pageOf(this.#preview().items, ({ sku }) => sku, query)
  }

  async undoImport(): Promise<ImportAnswer> {
    const { shop } = this.#host().node
    refuseWhileAside(shop)
    assertDone(await shop.words.takeBack())
    return shop.importer.answer()
  }

  async sayOfImport(word: ImportWord): Promise<ImportAnswer> {
    const { shop } = this.#host().node
    refuseWhileAside(shop)
    assertDone(await shop.words.say(word))
    shop.wake()
    return shop.importer.answer()
  }

  async useThisShop(request: {
    readonly skus: readonly string[] | null
    readonly dryRun: boolean
  }): Promise<CountAnswer> {
    const host = this.#host()
    const { node } = host
    return await host.change(async () => {
      assertDone(node.shop.undo.until())
      assertMayChange(node)
      return await useThisShop(node, { ...request, now: host.now() })
    })
  }

  #preview(): MadePreview {
    const { importer, previews } = this.#host().node.shop
    if (importer.record.state === 'ready') return previews.make()
    throw new ApiFailure(
      409,
      'no-preview',
      'There is a preview while an import waits to be started: once this shop is read and the network’s numbers are here.',
    )
  }
}

function assertDone(result: Result<unknown>): void {
  if (!result.ok) throw new ApiFailure(409, result.code, result.message)
}
