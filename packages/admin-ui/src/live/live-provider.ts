/** The y-websocket channel to the node; a file of its own, since the first page is shown before it is needed. */
import { WebsocketProvider } from 'y-websocket'
import { Doc } from 'yjs'

export function openProvider(address: string): WebsocketProvider {
  return new WebsocketProvider(address, 'network', new Doc(), { disableBc: true })
}
