/**
 * Every platform that a merchant can choose, one line each; the first is the one of a node that was told nothing. The
 * code of a platform, with the libraries that it needs, is loaded only where it is chosen or shown.
 */
import type { Platform } from './platform.ts'

const loaders: Readonly<Record<string, () => Promise<Platform>>> = {
  builtin: async () => (await import('./builtin-platform.ts')).builtinPlatform,
  openbizbox: async () => (await import('./openbizbox/platform.ts')).openBizBoxPlatform,
  sql: async () => (await import('./sql/platform.ts')).sqlPlatform,
  vendure: async () => (await import('./vendure/platform.ts')).vendurePlatform,
  woocommerce: async () => (await import('./woocommerce/platform.ts')).wooCommercePlatform,
}

export const platformNames: readonly string[] = Object.keys(loaders)

export async function loadPlatform(name: string): Promise<Platform> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  if (load === undefined) throw new Error(`there is no platform ${name}`)
  return await load()
}
