/**
 * `stockmesh service print`: the systemd unit that runs this very installation with the settings that stand on the
 * line. A person looks at it and puts it in its place; nothing is changed here.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocation } from './client-command.ts'
import { serviceUnit } from './service-unit.ts'
import type { Settings } from './settings.ts'

export async function service({ settings, terminal }: Invocation): Promise<number> {
  const data = resolve(settings.data)
  const entry = fileURLToPath(new URL('../../bin/stockmesh.js', import.meta.url))
  const command = [process.execPath, entry, 'start', '--data', data, ...startFlags(settings)]
  terminal.print(serviceUnit({ command, data, port: settings.port }))
  return 0
}

/** Secrets are not among them: whoever reads the unit would read them. */
function startFlags(settings: Settings): readonly string[] {
  const valued = ['port', 'host', 'url', 'name', 'connector', 'shop-url'] as const
  const files = ['tls-cert', 'tls-key'] as const
  const switches = ['allow-private-peers', 'open-shop', 'trust-proxy'] as const
  return [
    ...valued.flatMap((name) => (settings[name] === null ? [] : [`--${name}`, String(settings[name])])),
    ...files.flatMap((name) => (settings[name] === null ? [] : [`--${name}`, resolve(settings[name])])),
    ...switches.flatMap((name) => (settings[name] ? [`--${name}`] : [])),
  ]
}
