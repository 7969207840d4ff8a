/**
 * Secrets: made from 128 or 256 random bits, kept as hashes, compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export function makeSecret(bytes: 16 | 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** SHA-256: enough for a secret that is itself random, never for a password. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Hashes both first, so that neither length nor content shows in the time it takes. */
export function equalSecrets(left: string, right: string): boolean {
  return timingSafeEqual(hashSecret(left), hashSecret(right))
}
