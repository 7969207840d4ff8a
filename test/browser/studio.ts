/** Where pictures are taken: a scene is played once, and looked at by a visitor for each language, width and light. */
import type { Browser, Page } from 'playwright-core'
import type { Visitor } from './visitor.ts'

export interface Studio {
  readonly browser: Browser
  readonly each: (see: (visitor: Visitor, picture: Picture) => Promise<void>) => Promise<void>
}

/** Keeps what a page of this visitor shows under a name: all of it, or what is in the window, where a question is open. */
type Picture = (page: Page, name: string, part?: 'page' | 'window') => Promise<void>
