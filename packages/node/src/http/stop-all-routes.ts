/**
 * "Stop everything": writing to every shop of the network, stopped or going on again.
 */
import type { StopAllAnswer } from '@stockmesh/protocol'
import { stopAllAnswer } from './answers.ts'
import { defineRoute, type Route } from './route.ts'

/** What these calls need from the node. Error: 409 `no-network`. */
export interface StopAllApi {
  stopAllState(): StopAllAnswer
  /** Waits a few seconds for the members in reach to have heard. */
  stopAll(stopped: boolean): Promise<StopAllAnswer>
}

export function stopAllRoutes(node: StopAllApi): readonly Route[] {
  return [
    defineRoute('GET', '/stop-all', {
      summary: 'Whether writing to the shops is stopped everywhere, and which members have not heard.',
      access: 'viewer',
      answers: stopAllAnswer,
      answer: () => node.stopAllState(),
    }),
    defineRoute('POST', '/stop-all', {
      summary: 'Stops writing to every shop of the network; sales are read and counted as ever.',
      answers: stopAllAnswer,
      errors: { 'no-network': 409 },
      answer: () => node.stopAll(true),
    }),
    defineRoute('POST', '/resume-all', {
      summary: 'Lets every shop be written to again, whoever stopped it.',
      answers: stopAllAnswer,
      errors: { 'no-network': 409 },
      answer: () => node.stopAll(false),
    }),
  ]
}
