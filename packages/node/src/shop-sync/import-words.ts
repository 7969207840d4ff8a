/**
 * What a person says of the import: start, pause, resume, cancel, undo. Each word is durable before anything follows
 * from it, and may be said again; the loops are stopped or let on in the same turn, one word after the other.
 */
import { type ImportCourse, importStep, type ImportWord, type Result, success } from '@stockmesh/protocol'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../ports.ts'
import type { ImportPreviews } from './import-preview.ts'
import type { ImportStore } from './import-state.ts'
import type { ImportUndo } from './import-undo.ts'
import type { Importer } from './importer.ts'
import type { PauseStore } from './pause-state.ts'

export interface ImportWordsParts {
  readonly ledger: Ledger
  readonly store: ImportStore
  readonly importer: Importer
  readonly previews: ImportPreviews
  readonly undo: ImportUndo
  readonly pauses: PauseStore
  readonly clock: Clock
  /** Runs a step of its own turn and lets the loops rest or work as is right after it. */
  readonly inTurn: <T>(step: () => Promise<T>) => Promise<T>
  /** Resolves when no call to the shop is under way; the end of the turn starts the loops again. */
  readonly rest: () => Promise<void>
  /** How the import stands has changed. */
  readonly onChange: () => void
}

export class ImportWords {
  readonly #parts: ImportWordsParts

  constructor(parts: ImportWordsParts) {
    this.#parts = parts
  }

  /**
   * The admin's word that the import may write to the shop. `preview`: the one that was seen; null if none was. Answers
   * whether it still says what will happen.
   */
  async start(preview: string | null): Promise<boolean> {
    const { importer, previews } = this.#parts
    const isCurrent = (): boolean => importer.record.state === 'ready' && previews.isCurrent(preview ?? '')
    const isStarted = await importer.start(() => preview === null || isCurrent())
    if (isStarted) previews.forget()
    return isStarted
  }

  /** Resolves when it is under way; after a pause nothing is being written. Errors: those of `importStep`. */
  async say(word: ImportWord): Promise<Result<null>> {
    const said = await this.#parts.inTurn(() => this.#say(word))
    this.#parts.onChange()
    return said
  }

  /**
   * Pauses the shop and takes back what the import did to it; asked again it goes on. Resolves when it is under way.
   * Error: `nothing-to-undo`.
   */
  async takeBack(): Promise<Result<null>> {
    const { ledger, store, undo, pauses, clock } = this.#parts
    const begun = await this.#parts.inTurn(async () => {
      const until = undo.until()
      if (!until.ok || store.record.undo !== null) return until
      const total = await undo.count()
      await ledger.commit((draft) => {
        undo.begin(draft, total)
        if (pauses.since === null) pauses.set(draft, clock.now())
      })
      return until
    })
    this.#parts.onChange()
    return begun.ok ? success(null) : begun
  }

  async #say(word: ImportWord): Promise<Result<null>> {
    const { ledger, store, importer, undo } = this.#parts
    const step = importStep(word, this.#course())
    if (!step.ok) return step
    switch (step.value) {
      case 'nothing':
        break
      case 'hold':
        await ledger.commit((draft) => store.set(draft, { held: true }))
        await this.#parts.rest()
        break
      case 'go-on':
        await ledger.commit((draft) => store.set(draft, { held: false }))
        await importer.goOn()
        break
      case 'wait-for-start':
        await ledger.commit((draft) => store.set(draft, { held: false, startWhenReady: false }))
        await importer.advance()
        break
      case 'unstart':
        await ledger.commit((draft) => undo.unstart(draft))
        importer.forget()
        break
      case 'take-back': {
        const total = await undo.count()
        await ledger.commit((draft) => undo.beginCancel(draft, total))
        undo.wake()
        break
      }
      default:
        step.value satisfies never
    }
    return success(null)
  }

  #course(): ImportCourse {
    const { store, undo, pauses } = this.#parts
    const { state, held, kind, notes, relisting } = store.record
    const isNoted = notes > 0 && !relisting
    return {
      state,
      isHeld: held,
      isCancelling: undo.isCancelling,
      written: kind === 'found' ? 'nothing' : isNoted ? 'noted' : 'unknown',
      isShopPaused: pauses.since !== null,
    }
  }
}
