/** Whether a key may write, asked with a call that writes and changes nothing: WooCommerce tells a permission only by refusing. */
import { ConnectorError } from '../connector.ts'
import { WooCommerceRefusal } from './client.ts'

/** The key has read already, so that only its permission can be missing. Errors: `not-writable`, those of the call. */
export async function assertMayWrite(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof WooCommerceRefusal) || error.code !== 'key-rejected') throw error
    throw new ConnectorError(
      'not-writable',
      'The key may only read. Change its permission to Read/Write under WooCommerce > Settings > Advanced > REST API.',
      { cause: error },
    )
  }
}
