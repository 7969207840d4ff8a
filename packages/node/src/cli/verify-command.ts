/**
 * `stockmesh verify`: audits the node in a folder, by its files where it is stopped, and by asking it where it runs. Each
 * fault is a line with its code; any fault is exit code 1.
 */
import { resolve } from 'node:path'
import type { AuditAnswer } from '@stockmesh/protocol'
import { auditFolder } from '../audit/audit-folder.ts'
import { auditAnswer } from '../http/audit-routes.ts'
import type { Invocation } from './client-command.ts'
import { exitFailed } from './exit-code.ts'
import { auditMsMax } from './limits.ts'
import { connectNode } from './node-client.ts'
import { plain, printJson } from './cell.ts'

export async function verify(invocation: Invocation): Promise<number> {
  const { settings, terminal } = invocation
  const answer = await audit(invocation)
  if (settings.json) printJson(terminal, answer)
  else {
    for (const { code, message, sku } of answer.faults) {
      terminal.print(`${code}  ${sku === null ? '' : `${plain(sku)}: `}${plain(message)}\n`)
    }
    const { rows, records, replicas, movements, shopRows } = answer.checked
    const checked = `${rows} rows, ${records} records of ${replicas} replicas and ${movements} movements`
    const compared = answer.running && shopRows > 0 ? `; ${shopRows} rows of the shop` : ''
    if (answer.ok) terminal.print(`Everything is in order: ${checked}${compared}.\n`)
    else {
      terminal.warn(
        `${answer.faultCount} faults in ${checked}${compared}. Start the node while other shops are online, which ` +
          'fetches what is damaged again; what stays is restored from a backup.\n',
      )
    }
  }
  return answer.ok ? 0 : exitFailed
}

/** Whoever names a token means a running node; else the folder says whether one runs. */
async function audit(invocation: Invocation): Promise<AuditAnswer> {
  const { settings } = invocation
  if (settings.token !== null) return await ask(invocation)
  try {
    return (await auditFolder(resolve(settings.data))) ?? (await ask(invocation))
  } catch (error) {
    if ((error as { code?: unknown }).code === 'database-locked') return await ask(invocation)
    throw error
  }
}

async function ask(invocation: Invocation): Promise<AuditAnswer> {
  const node = await connectNode(invocation)
  return await node.call('GET', '/verify', auditAnswer, { answerMsMax: auditMsMax })
}
