/**
 * The identity of a shop: an Ed25519 key pair in `DIR/identity.json`, readable by its owner only. It is made once,
 * written whole or not at all, and never replaced by itself: another key would be another shop.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto'
import { chmod, link, mkdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type ShopId, type Sign, shopIdOfKey, type Verify } from '@stockmesh/protocol'
import { syncDirectory, writeDurably } from './durable-file.ts'
import type { Random } from './ports.ts'

export interface Identity {
  readonly shopId: ShopId
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array
  /** Ed25519, 64 bytes. */
  readonly sign: Sign
  /** Judges what anybody signed, by the same scheme. */
  readonly verify: Verify
}

/** Errors: `identity-damaged`. */
class IdentityError extends Error {
  readonly code = 'identity-damaged'
  constructor(file: string, options?: ErrorOptions) {
    super(
      `The identity of this shop in ${file} is damaged. Restore the file from a backup; without it, the shop must join again as a new one.`,
      options,
    )
    this.name = 'IdentityError'
  }
}

const keyObjectsMax = 1_000
const keyObjects = new Map<string, KeyObject>()

const fileName = 'identity.json'
/** What stands before the 32 raw bytes of an Ed25519 key in its SPKI form (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Opens the identity in a data folder, or makes one. */
export async function openIdentity(directory: string, random: Random): Promise<Identity> {
  const file = join(directory, fileName)
  const text = (await readIfThere(file)) ?? (await createIdentity(directory, file, random))
  // A copy or a restored backup may have come back readable for everybody.
  await chmod(file, 0o600)
  return identityOf(parseIdentity(text, file))
}

/** An identity that lives in memory only. */
export function generateIdentity(): Identity {
  return identityOf(generateKeyPairSync('ed25519').privateKey)
}

/** Whether `signature` (64 bytes) is by the owner of `publicKey` (32 raw bytes). Any bytes give an answer. */
export function verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return verifyWith(null, bytes, keyObjectOf(publicKey), signature)
  } catch {
    // Not a point on the curve.
    return false
  }
}

/** Reading a key costs a good part of a verification, and the same few shops sign all the time. */
function keyObjectOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString('latin1')
  const known = keyObjects.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  if (keyObjects.size >= keyObjectsMax) keyObjects.clear()
  keyObjects.set(name, key)
  return key
}

function identityOf(privateKey: KeyObject): Identity {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(spki.subarray(spkiPrefix.length))
  return {
    shopId: shopIdOfKey(publicKey),
    publicKey,
    sign: (bytes) => new Uint8Array(signWith(null, bytes, privateKey)),
    verify,
  }
}

async function createIdentity(directory: string, file: string, random: Random): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const { shopId } = identityOf(privateKey)
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  const text = `${JSON.stringify({ shopId, privateKey: pkcs8 }, null, 2)}\n`
  const draft = `${file}.${Buffer.from(random.bytes(8)).toString('hex')}`
  await writeDurably(draft, text)
  try {
    // A link, unlike a rename, never replaces the identity that another process made meanwhile.
    await link(draft, file)
    await syncDirectory(directory)
    return text
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    return await readFile(file, 'utf8')
  } finally {
    await unlink(draft)
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

function parseIdentity(text: string, file: string): KeyObject {
  try {
    const { shopId, privateKey } = JSON.parse(text) as { shopId?: unknown; privateKey?: unknown }
    if (typeof privateKey !== 'string') throw new Error('there is no private key')
    const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is of another kind')
    if (identityOf(key).shopId !== shopId) throw new Error('the key does not belong to the shop id beside it')
    return key
  } catch (error) {
    throw new IdentityError(file, { cause: error })
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
