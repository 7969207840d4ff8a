/** The documents that are written from the source, each with how it is made. */
import { errorsPage } from './errors-page.ts'
import { limitsPage } from './limits-page.ts'

export const generatedPages: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: 'docs/ERRORS.md', make: errorsPage },
  { path: 'docs/LIMITS.md', make: limitsPage },
]
