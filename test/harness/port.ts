/**
 * Free ports on loopback, picked once and kept over restarts. They lie below the range from which the system takes the
 * local ports of outgoing connections, so that nothing takes the port of a program that is down for a moment.
 */
import { createServer } from 'node:net'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'

const lowest = 20_000
const highest = 32_000
const given = new Set<number>()

export async function pickPort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(lowest, highest)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port was found between ${lowest} and ${highest}.`)
}

/** The first of `count` free ports in a row, for a program that takes the next ones by itself. */
export async function pickPortsInRow(count: number): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const first = await pickPort()
    const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1)
    const free = await Promise.all(others.map(async (port) => !given.has(port) && (await isFree(port))))
    if (free.every(Boolean)) {
      for (const port of others) given.add(port)
      return first
    }
  }
  throw new Error(`No ${count} free ports in a row were found between ${lowest} and ${highest}.`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
