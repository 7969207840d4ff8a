/**
 * The security headers of every answer. No inline script, nothing loaded from elsewhere, no frame around our pages;
 * connections go to this host alone.
 */
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import { isHttps } from './origin.ts'

export function setSecurityHeaders(publicUrl: () => string, trustsProxy: boolean): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        connectSrc: ["'self'", (request) => webSocketSource(request.headers.host)],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only over https, below: on plain http it would lock a merchant out of a name that has no certificate.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
  return (request, response, next) => {
    if (isHttps(request, publicUrl(), trustsProxy)) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
    headers(request, response, next)
  }
}

/** Older browsers do not count a WebSocket to the same host as "self". A strange host name adds nothing. */
function webSocketSource(host: string | undefined): string {
  return host !== undefined && /^[A-Za-z0-9.\-:[\]]+$/.test(host) ? `ws://${host} wss://${host}` : "'self'"
}
