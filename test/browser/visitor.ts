/**
 * One person with one browser: a language, a window, and as many pages as they open. Everything that a page may not do
 * is noted while they look: asking another host, errors in the console, content against the page's own policy.
 */
import type { Language as PageLanguage } from '@stockmesh/protocol/api'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** The walk knows the words of two languages; the pages have five. */
export type Language = 'da' | 'en'

export interface VisitorOptions {
  readonly language: PageLanguage
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

const locales: Readonly<Record<PageLanguage, string>> = {
  da: 'da-DK',
  sv: 'sv-SE',
  nb: 'nb-NO',
  en: 'en-GB',
  de: 'de-DE',
}
/** A page that a person waits for longer than this has failed them. */
const patienceMs = 15_000

export class Visitor implements AsyncDisposable {
  readonly #context: BrowserContext
  readonly #complaints: string[] = []

  private constructor(context: BrowserContext) {
    this.#context = context
  }

  static async open(browser: Browser, options: VisitorOptions): Promise<Visitor> {
    const { language, width = 1280, height = 900, colorScheme = 'light' } = options
    const context = await browser.newContext({
      locale: locales[language],
      timezoneId: 'Europe/Copenhagen',
      viewport: { width, height },
      colorScheme,
      reducedMotion: 'reduce',
    } satisfies BrowserContextOptions)
    context.setDefaultTimeout(patienceMs)
    const visitor = new Visitor(context)
    context.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url())
      if (protocol !== 'data:' && hostname !== '127.0.0.1') visitor.#note(`a request to ${request.url()}`)
    })
    return visitor
  }

  async visit(address: string): Promise<Page> {
    const page = await this.#context.newPage()
    page.on('console', (message) => {
      // A broken content policy is an error in the console too.
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#note(`${page.url()} wrote ${message.type()}: ${message.text()} (${message.location().url})`)
      }
    })
    page.on('pageerror', (error) => this.#note(`${page.url()} failed: ${error.message}`))
    page.on('websocket', (socket) => {
      const { hostname } = new URL(socket.url())
      if (hostname !== '127.0.0.1') this.#note(`a connection to ${socket.url()}`)
    })
    await page.goto(address)
    return page
  }

  /** What its pages did that they may not. */
  get complaints(): readonly string[] {
    return this.#complaints
  }

  get pages(): readonly Page[] {
    return this.#context.pages()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close()
  }

  #note(complaint: string): void {
    this.#complaints.push(complaint)
  }
}
