/**
 * What the pages say for the error codes they know. A code that is not here is shown with the message of the answer,
 * so nothing is ever hidden; a code that is here must exist in every language or the table does not compile.
 */
import type { Language } from './format.ts'

const english = {
  unreachable: 'The node does not answer. Check that it is running; the page tries again by itself.',
  'answer-invalid': 'The answer could not be read. Reload the page.',
  'signed-out': 'You are signed out. Sign in again.',
  'password-wrong': 'The password is not right. Try again.',
  'key-rejected': 'This is not the key of this shop. Try again.',
  'login-needed': 'Sign in to the shop first.',
  'token-wrong': 'The set-up token is not right. Copy it from the line the node printed when it started.',
  'token-expired': 'The set-up token is too old. Start the node again; it prints a new one.',
  'token-refused': 'The access token is not one of this node.',
  'too-many-tries': 'Too many attempts. Wait a minute and try again.',
  'cross-site': 'The request came from another page and was refused. Reload this page and try again.',
  'setup-first': 'This node is not set up yet. Reload the page and set it up.',
  'setup-done': 'This node is already set up. Sign in with its password.',
  'body-invalid': 'Something in the form does not fit. Check the fields and try again.',
  'not-found': 'It is no longer there. Reload the page.',
  'idempotency-key-reused': 'This order was already sent. Reload the page before you send another.',
  'sku-unknown': 'No product has this SKU.',
  'product-unknown': 'The product is no longer there.',
  'order-unknown': 'The order is no longer there.',
  'sku-ambiguous': 'Several products have this SKU, so it cannot be ordered by SKU. Give each its own SKU first.',
  'insufficient-stock': 'There are not enough left. Choose a smaller quantity.',
  'stock-changed': 'The stock changed while you were editing. Look at the new number before you save.',
  'stock-untracked': 'The stock of this product is not tracked. Give it a number first.',
  'stock-out-of-range': 'This number is larger than a stock can be.',
  'shop-closed': 'The shop cannot write to its disk right now. Nothing was changed; try again in a moment.',
  internal: 'Something failed inside the node. Its log says what.',
  'storage-failed': 'The node cannot write to its disk right now. Nothing was changed; try again in a moment.',
  'node-not-found': 'No node answers at this address. Check the address, and that the other node is running.',
  'address-refused': 'This address is not allowed. Use the address of the other shop’s node.',
  'address-invalid': 'This is not an address. Write a domain or an address such as shop.example:7400.',
  'leave-first': 'This shop is already in a network with others. Leave it before you join another.',
  'join-pending': 'A join request is open. Cancel it before you import as the first shop.',
  'join-self': 'This is the address of this shop itself. Write the address of the other shop.',
  'code-mismatch': 'The codes are not equal. Do not accept; ask the other shop to read its code aloud.',
  'import-first': 'Import this shop’s products first, then accept the request.',
  'request-closed': 'The request is no longer open.',
  'network-needed': 'This shop is not in a network.',
  'problem-changed': 'The problem has changed since you saw it. Look at it again before you decide.',
  'problem-solved': 'The problem is already solved.',
  'shop-unreachable': 'The shop does not answer. Check that it is running.',
} as const

type KnownErrorCode = keyof typeof english

const danish: Readonly<Record<KnownErrorCode, string>> = {
  unreachable: 'Noden svarer ikke. Se efter, om den kører; siden prøver igen af sig selv.',
  'answer-invalid': 'Svaret kunne ikke læses. Genindlæs siden.',
  'signed-out': 'Du er logget ud. Log ind igen.',
  'password-wrong': 'Adgangskoden er ikke rigtig. Prøv igen.',
  'key-rejected': 'Det er ikke denne butiks nøgle. Prøv igen.',
  'login-needed': 'Log først ind i butikken.',
  'token-wrong': 'Opsætningskoden er ikke rigtig. Kopiér den fra linjen, noden skrev, da den startede.',
  'token-expired': 'Opsætningskoden er for gammel. Start noden igen; så skriver den en ny.',
  'token-refused': 'Adgangsnøglen er ikke en af denne nodes.',
  'too-many-tries': 'For mange forsøg. Vent et minut, og prøv igen.',
  'cross-site': 'Kaldet kom fra en anden side og blev afvist. Genindlæs siden, og prøv igen.',
  'setup-first': 'Noden er ikke sat op endnu. Genindlæs siden, og sæt den op.',
  'setup-done': 'Noden er allerede sat op. Log ind med dens adgangskode.',
  'body-invalid': 'Noget i formularen passer ikke. Se felterne efter, og prøv igen.',
  'not-found': 'Det findes ikke længere. Genindlæs siden.',
  'idempotency-key-reused': 'Ordren er allerede sendt. Genindlæs siden, før du sender en ny.',
  'sku-unknown': 'Ingen vare har dette varenr.',
  'product-unknown': 'Varen findes ikke længere.',
  'order-unknown': 'Ordren findes ikke længere.',
  'sku-ambiguous': 'Flere varer har samme varenr. og kan derfor ikke bestilles på det. Giv dem først hver sit varenr.',
  'insufficient-stock': 'Der er ikke nok på lager. Vælg et mindre antal.',
  'stock-changed': 'Lagerantallet blev ændret imens. Se det nye tal, før du gemmer.',
  'stock-untracked': 'Lageret på varen styres ikke. Giv den først et tal.',
  'stock-out-of-range': 'Tallet er større, end et lagerantal kan være.',
  'shop-closed': 'Butikken kan ikke skrive til disken lige nu. Intet blev ændret; prøv igen om lidt.',
  internal: 'Noget gik galt i noden. Dens log fortæller hvad.',
  'storage-failed': 'Noden kan ikke skrive til disken lige nu. Intet blev ændret; prøv igen om lidt.',
  'node-not-found': 'Ingen node svarer på adressen. Se efter, om adressen er rigtig, og om den anden node kører.',
  'address-refused': 'Adressen er ikke tilladt. Brug adressen på den anden butiks node.',
  'address-invalid': 'Det er ikke en adresse. Skriv et domæne eller en adresse som butik.example:7400.',
  'leave-first':
    'Butikken er allerede forbundet med andre butikker. Afbryd forbindelsen, før du går med et andet sted.',
  'join-pending': 'Der er en åben anmodning. Fortryd den, før du importerer som første butik.',
  'join-self': 'Det er denne butiks egen adresse. Skriv den anden butiks adresse.',
  'code-mismatch': 'Koderne er ikke ens. Godkend ikke; bed den anden butik læse sin kode højt.',
  'import-first': 'Importér først denne butiks varer, og godkend så anmodningen.',
  'request-closed': 'Anmodningen er ikke længere åben.',
  'network-needed': 'Butikken er ikke forbundet med andre.',
  'problem-changed': 'Problemet har ændret sig, siden du så det. Se på det igen, før du vælger.',
  'problem-solved': 'Problemet er allerede løst.',
  'shop-unreachable': 'Butikken svarer ikke. Se efter, om den kører.',
}

const byLanguage: Readonly<Record<Language, Readonly<Record<string, string>>>> = { da: danish, en: english }

/** The sentence for a code in the user's language, else the answer's own message. */
export function errorSentence(language: Language, code: string, message: string): string {
  const known = byLanguage[language]
  return Object.hasOwn(known, code) ? (known[code] ?? message) : message
}
