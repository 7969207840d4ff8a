/** What a call is refused with that reads the shop, where the shop cannot be read: its own codes. */
import type { ErrorCodes } from './route.ts'

export const shopFailures: ErrorCodes = {
  'shop-unreachable': 503,
  'shop-error': 503,
  'shop-answer-invalid': 503,
  'key-rejected': 503,
  'address-elsewhere': 503,
  'certificate-untrusted': 503,
}
