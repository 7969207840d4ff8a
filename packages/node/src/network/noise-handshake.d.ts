/** What `channel.ts` uses of noise-handshake, which has no types of its own. */
declare module 'noise-handshake' {
  export default class Noise {
    constructor(pattern: 'NN', isInitiator: boolean)
    readonly complete: boolean
    /** Keys of both directions and the hash of the handshake; null until it is complete. */
    readonly tx: Uint8Array | null
    readonly rx: Uint8Array | null
    readonly hash: Uint8Array | null
    initialise(prologue: Buffer): void
    send(payload?: Buffer): Uint8Array
    recv(message: Buffer): Uint8Array
  }
}

declare module 'noise-handshake/cipher.js' {
  export default class CipherState {
    constructor(key: Uint8Array)
    encrypt(plain: Buffer): Uint8Array
    /** Throws where the bytes were not sealed under the next counter. */
    decrypt(sealed: Buffer): Uint8Array
  }
}
