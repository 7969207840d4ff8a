/**
 * The admin's password as it is kept: scrypt with a random salt, its costs stored beside it so that they can grow.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

interface Costs {
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
}

export interface PasswordHash extends Costs {
  /** Base64. */
  readonly salt: string
  readonly hash: string
}

/** 32 MiB and about 0.1 s a guess. */
const costs: Costs = { cost: 2 ** 15, blockSize: 8, parallelization: 1 }

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, costs)
  return { ...costs, salt: salt.toString('base64'), hash: hash.toString('base64') }
}

export async function verifyPassword(password: string, stored: PasswordHash): Promise<boolean> {
  const hash = await derive(password, Buffer.from(stored.salt, 'base64'), stored)
  return timingSafeEqual(hash, Buffer.from(stored.hash, 'base64'))
}

function derive(password: string, salt: Buffer, used: Costs): Promise<Buffer> {
  const { cost, blockSize, parallelization } = used
  // Composed and decomposed letters are the same password on every keyboard.
  const text = password.normalize('NFKC')
  return new Promise((resolve, reject) => {
    const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize }
    scrypt(text, salt, 32, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}
