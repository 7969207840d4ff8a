/** The languages that pages and messages are written in, as their ISO 639-1 codes; Norwegian is bokmål. */
export const languages = ['da', 'sv', 'nb', 'en', 'de'] as const

export type Language = (typeof languages)[number]
