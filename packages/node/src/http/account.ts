/**
 * The node's account: without a password (set-up is open to the holder of the one-time token), or with one, and then
 * perhaps with a second one for those who only look.
 * The token lives in RAM only, works once and for 30 minutes, and is renewed at every start without a password.
 */
import { Lane } from '../lane.ts'
import type { Profile } from '../settings/settings.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { setupTokenMsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { hashPassword, type PasswordHash, verifyPassword } from './password.ts'
import { equalSecrets, makeSecret } from './secret.ts'
import type { Role } from './sessions.ts'

interface StoredAccount {
  readonly password: PasswordHash
  /** Absent: nobody signs in as a viewer. */
  readonly viewerPassword?: PasswordHash
  readonly profile: Profile
}

export interface AccountOptions {
  readonly storage: Storage
  /** The table byte of the HTTP interface. */
  readonly table: number
  readonly clock: Clock
  /** Told after the choice is durable, before the person is signed in. */
  readonly onSetup: (profile: Profile) => Promise<void> | void
}

export async function openAccount(options: AccountOptions): Promise<Account> {
  const bytes = await options.storage.get(encodeKey(options.table, 'account'))
  return new Account(options, bytes === undefined ? null : decodeJson<StoredAccount>(bytes))
}

export class Account {
  readonly #options: AccountOptions
  readonly #setup: { readonly token: string; readonly madeAt: number } | null
  #stored: StoredAccount | null
  /** One at a time: a token works once, and guesses cannot fill the memory with scrypt. */
  readonly #turns = new Lane()

  constructor(options: AccountOptions, stored: StoredAccount | null) {
    this.#options = options
    this.#stored = stored
    this.#setup = stored === null ? { token: makeSecret(16), madeAt: options.clock.now() } : null
  }

  /** To be printed for the person who started the node; null once there is a password. */
  get setupToken(): string | null {
    return this.#stored === null ? (this.#setup?.token ?? null) : null
  }

  get profile(): Profile | null {
    return this.#stored?.profile ?? null
  }

  /** Errors: 409 `setup-done`, 403 `token-wrong`, 403 `token-expired`. */
  setUp(request: { token: string; password: string; profile: Profile }): Promise<void> {
    return this.#turns.run(async () => {
      this.#assertToken(request.token)
      const stored = { password: await hashPassword(request.password), profile: request.profile }
      await this.#keep(stored)
      await this.#options.onSetup(request.profile)
    })
  }

  get hasViewerPassword(): boolean {
    return this.#stored?.viewerPassword !== undefined
  }

  /** Whose password it is. Errors: 409 `setup-first`, 401 `password-wrong`. */
  verify(password: string): Promise<Role> {
    return this.#turns.run(async () => {
      const { viewerPassword, password: own } = this.#assertSetUp()
      if (await verifyPassword(password, own)) return 'admin'
      if (viewerPassword !== undefined && (await verifyPassword(password, viewerPassword))) return 'viewer'
      throw passwordWrong()
    })
  }

  /**
   * `current`: the password that is replaced, as a proof; null where the caller has proved itself otherwise. Name and
   * language stay. Errors: 409 `setup-first`, 401 `password-wrong`, 409 `password-taken`.
   */
  changePassword(password: string, current: string | null): Promise<void> {
    return this.#turns.run(async () => {
      const stored = this.#assertSetUp()
      if (current !== null && !(await verifyPassword(current, stored.password))) throw passwordWrong()
      if (stored.viewerPassword !== undefined) await assertOther(password, stored.viewerPassword)
      await this.#keep({ ...stored, password: await hashPassword(password) })
    })
  }

  /** null: nobody signs in as a viewer any more. Errors: 409 `setup-first`, 409 `password-taken`. */
  changeViewerPassword(password: string | null): Promise<void> {
    return this.#turns.run(async () => {
      const { viewerPassword: _, ...stored } = this.#assertSetUp()
      if (password === null) return await this.#keep(stored)
      await assertOther(password, stored.password)
      await this.#keep({ ...stored, viewerPassword: await hashPassword(password) })
    })
  }

  async #keep(stored: StoredAccount): Promise<void> {
    const { storage, table } = this.#options
    await storage.write([put(encodeKey(table, 'account'), encodeJson(stored))])
    this.#stored = stored
  }

  #assertSetUp(): StoredAccount {
    if (this.#stored !== null) return this.#stored
    throw new ApiFailure(409, 'setup-first', 'This node has no password yet. Open its admin pages to set it up.')
  }

  #assertToken(token: string): void {
    if (this.#stored !== null || this.#setup === null) {
      throw new ApiFailure(409, 'setup-done', 'This node is set up already. Sign in with its password.')
    }
    if (!equalSecrets(token, this.#setup.token)) {
      throw new ApiFailure(403, 'token-wrong', 'The set-up token is not right. Copy it from the line the node printed.')
    }
    if (this.#options.clock.now() - this.#setup.madeAt >= setupTokenMsMax) {
      throw new ApiFailure(403, 'token-expired', 'The set-up token has expired. Restart the node to get a new one.')
    }
  }
}

/** Which of the two was typed says who signs in. */
async function assertOther(password: string, other: PasswordHash): Promise<void> {
  if (!(await verifyPassword(password, other))) return
  throw new ApiFailure(409, 'password-taken', 'Admin and viewers need different passwords. Choose another one.')
}

function passwordWrong(): ApiFailure {
  return new ApiFailure(401, 'password-wrong', 'The password is not right. Try again.')
}
