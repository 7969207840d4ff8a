/** Which releases of WooCommerce the connector knows, with the companion and without. */
import { ConnectorError } from '../connector.ts'

/** The oldest one whose stock functions, keys and questions for what changed are as they are needed. */
const majorMin = 8

/** `version` as the shop says it, such as `11.0.1`. Error: `release-unknown`. */
export function assertReleaseKnown(version: string): void {
  const major = /^(\d{1,4})\./.exec(version)?.[1]
  if (major !== undefined && Number(major) >= majorMin) return
  throw new ConnectorError(
    'release-unknown',
    `The shop runs WooCommerce ${version}, and Stockmesh needs ${majorMin}.0 or later. Update WooCommerce.`,
  )
}
