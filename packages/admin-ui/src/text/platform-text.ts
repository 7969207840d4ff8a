/**
 * What the platforms and their fields are called on the settings page. A platform or a field that is not here is shown
 * with its own name and its own English sentence, so that nothing is ever hidden.
 */
import type { PlatformItem } from '@stockmesh/protocol/api'

interface FieldText {
  readonly label: string
  readonly hint: string
}

/** By platform and field. */
type FieldName =
  | 'builtin.url'
  | 'builtin.key'
  | 'openbizbox.url'
  | 'openbizbox.clientId'
  | 'openbizbox.clientSecret'
  | 'openbizbox.webhookSecret'
  | 'openbizbox.trialSku'
  | 'openbizbox.writing'
  | 'sql.url'
  | 'sql.table'
  | 'sql.idColumn'
  | 'sql.skuColumn'
  | 'sql.stockColumn'
  | 'sql.nameColumn'
  | 'sql.parentColumn'
  | 'sql.where'
  | 'sql.tls'
  | 'sql.caFile'
  | 'sql.shopUrl'
  | 'vendure.url'
  | 'vendure.key'
  | 'vendure.username'
  | 'vendure.password'
  | 'vendure.channel'
  | 'woocommerce.url'
  | 'woocommerce.consumerKey'
  | 'woocommerce.consumerSecret'
  | 'woocommerce.companion'

export interface PlatformsText {
  /** Of the platforms whose name is not a brand's. */
  readonly titles: Readonly<Record<'builtin' | 'sql', string>>
  readonly fields: Readonly<Record<FieldName, FieldText>>
}

/** Names are the same in every language. */
const names: Readonly<Record<string, string>> = {
  woocommerce: 'WooCommerce',
  vendure: 'Vendure',
  openbizbox: 'OpenBizBox',
}

export function platformTitle(platforms: PlatformsText, name: string): string {
  const titles: Readonly<Record<string, string>> = platforms.titles
  return titles[name] ?? names[name] ?? name
}

export function platformFieldText(
  platforms: PlatformsText,
  platform: string,
  { name, help }: PlatformItem['fields'][number],
): FieldText {
  const fields: Readonly<Record<string, FieldText>> = platforms.fields
  return fields[`${platform}.${name}`] ?? { label: name, hint: help }
}
