/**
 * Loaded before a program of a test: what it dials at another node begins with its name, for the proxies in between.
 */
import http from 'node:http'

const request = http.request

http.request = (...given) => {
  const options = given.find((each) => typeof each === 'object' && each.headers?.Upgrade === 'websocket')
  if (options !== undefined) options.headers['x-dialer'] = process.env.DIALER_NAME
  return request(...given)
}
