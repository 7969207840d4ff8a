/**
 * A channel without a secret, for simulated lines that nobody listens to: the real one costs more than the rest of a
 * session's life in a world, and its keys are of a chance that no seed rules. What it does is tested by itself.
 */
import { success } from '@stockmesh/protocol'
import type { OpenChannel } from '../../packages/node/src/network/channel.ts'

export const openPlainChannel: OpenChannel = () => ({
  binding: new Uint8Array(0),
  opening: [],
  seal: (message) => success([message]),
  open: (frame) => success({ frames: [], message: frame }),
})
