/** What a call that failed is told as, whichever HTTP client of the process made it: a library that is loaded replaces Node's own. */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { callFailure } from '../../packages/node/src/cli/node-call-error.ts'

// The release that the node is built with; other tools of this checkout have another one.
const { fetch: fetchOfLibrary } = createRequire(new URL('../../packages/node/package.json', import.meta.url))(
  'undici',
) as { fetch: (url: string) => Promise<unknown> }

test.each([
  ["Node's own", fetch],
  ['that of the library', fetchOfLibrary],
])('a port that speaks no HTTP is no node (%s)', async (_whose, ask) => {
  const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const error: unknown = await ask(node).then(
    () => null,
    (failed: unknown) => failed,
  )
  server.close()
  expect(callFailure({ node, isChange: false, msMax: 1_000, error })).toMatchObject({ code: 'answer-invalid' })
})
