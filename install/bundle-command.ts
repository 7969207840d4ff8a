/** A part of `npm run build`: the command line as the few files that `packages/node/bin` runs. */
import { fileURLToPath } from 'node:url'
import { writeBundle } from './bundle.ts'

await writeBundle(fileURLToPath(new URL('..', import.meta.url)))
