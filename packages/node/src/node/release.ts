/** The release of this node, as its package says. */
import { createRequire } from 'node:module'

export const release: string = (createRequire(import.meta.url)('../../package.json') as { version: string }).version
