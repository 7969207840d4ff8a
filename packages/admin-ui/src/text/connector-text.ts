/**
 * What the platforms and their fields are called on the settings page. A platform or a field that is not here is shown
 * with its own name and its own English sentence, so that nothing is ever hidden.
 */
import type { PlatformItem } from '@stockmesh/protocol/api'
import type { Language } from './format.ts'

export interface ConnectorFieldText {
  readonly label: string
  readonly hint: string
}

type Texts = Readonly<Record<string, ConnectorFieldText>>

const titles: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  da: { builtin: 'Stockmesh-butik (indbygget)', sql: 'Egen database (SQL)' },
  en: { builtin: 'Stockmesh shop (built in)', sql: 'Own database (SQL)' },
}

/** Names are the same in every language. */
const names: Readonly<Record<string, string>> = {
  woocommerce: 'WooCommerce',
  vendure: 'Vendure',
  openbizbox: 'OpenBizBox',
}

/** By platform and field. */
const fields: Readonly<Record<Language, Texts>> = {
  da: {
    'builtin.url': {
      label: 'Butikkens adresse',
      hint: 'Den adresse, som "stockmesh shop" skriver. Uden adresse og nøgle er det butikken inde i denne node.',
    },
    'builtin.key': {
      label: 'Butikkens nøgle',
      hint: 'STOCKMESH_SHOP_KEY hos butikken, eller den fil, den nævner, når den starter.',
    },
    'openbizbox.url': { label: 'Butikkens adresse', hint: 'F.eks. https://webshopdemo.dk.' },
    'openbizbox.clientId': { label: 'Client id', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.clientSecret': { label: 'Client secret', hint: 'Står på /admin/api-token i butikken.' },
    'openbizbox.webhookSecret': {
      label: 'Webhook-hemmelighed',
      hint: 'Står på /admin/webhooks/ i butikken. Uden den ses ændringer lidt senere.',
    },
    'openbizbox.trialSku': {
      label: 'Varenr. til prøven',
      hint: 'En vare med mindst 10 på lager, som ingen køber lige nu. Prøven tager nogle stk. fra og lægger dem tilbage.',
    },
    'openbizbox.writing': {
      label: 'Hvad prøven fandt',
      hint: 'Udfyldes af prøven. Slet teksten for at prøve igen.',
    },
  },
  en: {
    'builtin.url': {
      label: 'Address of the shop',
      hint: 'As "stockmesh shop" prints it. Without address and key it is the shop inside this node.',
    },
    'builtin.key': {
      label: 'Key of the shop',
      hint: 'STOCKMESH_SHOP_KEY at the shop, or the file that it names when it starts.',
    },
  },
}

export function platformTitle(language: Language, name: string): string {
  return titles[language][name] ?? names[name] ?? name
}

export function connectorFieldText(
  language: Language,
  platform: string,
  { name, help }: PlatformItem['fields'][number],
): ConnectorFieldText {
  return fields[language][`${platform}.${name}`] ?? { label: name, hint: help }
}
