/** The sentences of what a person sets or says: settings, stock counts and received goods, pause, and evicting a shop. */
export interface FormText {
  readonly settings: SettingsText
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
