/**
 * Certificates as a merchant's own authority would give them, made by openssl while a test runs: for `localhost` and
 * 127.0.0.1, by themselves trusted where `NODE_EXTRA_CA_CERTS` or the `ca` of a call names them.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Why tests with certificates cannot run here; null where they can. */
export const noOpenssl: string | null =
  spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed'

export interface MadeCertificate {
  readonly files: { readonly cert: string; readonly key: string }
  readonly cert: string
  readonly key: string
}

export function makeCertificate(folder: string, name: string): MadeCertificate {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '30']
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', files.key, '-out', files.cert], {
    stdio: 'ignore',
  })
  chmodSync(files.key, 0o600)
  return { files, cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
}
