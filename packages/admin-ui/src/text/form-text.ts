/** The sentences of what a person sets or says: settings, stock counts and received goods, pause, and evicting a shop. */
import type { CatalogueFault, OtherWriter, SettingsAnswer } from '@stockmesh/protocol/api'

export interface FormText {
  readonly settings: SettingsText
  readonly connection: ConnectionText
  readonly stockChange: StockChangeText
  readonly pause: PauseText
  readonly evict: EvictText
}

interface SettingsText {
  readonly shop: string
  readonly name: string
  readonly nameHint: string
  readonly language: string
  readonly languageHint: string
  readonly buffer: string
  readonly bufferHint: string
  readonly holds: string
  readonly holdOwn: string
  readonly holdMembers: string
  readonly holdFrom: string
  readonly holdHint: string
  readonly alerts: string
  readonly alertsIntro: string
  readonly webhook: string
  readonly webhookHint: string
  readonly webhookSecret: string
  readonly emailTo: string
  readonly emailFrom: string
  readonly smtp: string
  readonly smtpHint: string
  readonly minutes: string
  readonly minutesHint: string
  readonly quiet: string
  readonly quietHint: string
  readonly quietFrom: string
  readonly quietTo: string
  readonly quietExempt: string
  readonly quietExemptions: Readonly<Record<SettingsAnswer['alertQuietExempt'], string>>
  readonly secretKept: string
  readonly secretRemove: string
  readonly save: string
  readonly saved: string
  readonly alertTest: string
  readonly alertTestIntro: string
  readonly alertTestDo: string
  delivered(target: 'webhook' | 'email'): string
  undelivered(target: 'webhook' | 'email', why: string): string
  readonly backup: string
  readonly backupIntro: string
  readonly backupDo: string
}

interface ConnectionText {
  readonly title: string
  present(platform: string, location: string | null): string
  readonly exact: string
  readonly bestEffort: string
  alsoWritten(writers: string): string
  readonly fixed: string
  readonly fromEnvironment: string
  readonly platform: string
  readonly test: string
  answers(release: string): string
  sample(name: string, sku: string | null, stock: number | null): string
  readonly noSample: string
  readonly mayWrite: string
  readonly mayNotWrite: string
  readonly mayWriteUnknown: string
  readonly location: string
  readonly locationHint: string
  readonly locationChoose: string
  readonly locationAll: string
  readonly writersAsk: string
  readonly writersHint: string
  readonly writers: Readonly<Record<OtherWriter, string>>
  readonly save: string
  readonly saved: string
  readonly health: string
  readonly healthIntro: string
  readonly healthDo: string
  healthRead(products: number): string
  readonly healthGood: string
  readonly faults: Readonly<Record<CatalogueFault, string>>
}

interface StockChangeText {
  readonly title: string
  readonly count: string
  readonly countIntro: string
  readonly counted: string
  readonly unsent: string
  readonly unsentHint: string
  readonly countDo: string
  readonly received: string
  readonly receivedIntro: string
  readonly quantity: string
  readonly note: string
  readonly noteHint: string
  readonly receivedDo: string
  done(from: number | null, to: number | null): string
  unheard(names: string): string
}

interface PauseText {
  readonly title: string
  readonly intro: string
  readonly do: string
  since(at: string): string
  readonly exact: string
  readonly inexact: string
  /** Reads the shop for what was changed. */
  readonly look: string
  /** Only the largest are shown. */
  largest(shown: number, all: number): string
  differ(skus: number, units: number): string
  readonly resume: string
  readonly useNetwork: string
  readonly countIn: string
  readonly link: string
}

interface EvictText {
  readonly open: string
  title(name: string): string
  readonly stays: readonly string[]
  readonly do: string
}
