/**
 * A backup of the running node, as it is made. It holds the node's private key: whoever has the file can be this shop.
 */
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { defineDownload, type Route } from './route.ts'

/** What this call needs from the node. Error: 503 `node-restarting`. */
export interface BackupApi {
  open(): Promise<AsyncGenerator<Uint8Array>>
}

export function backupRoutes(backup: BackupApi): readonly Route[] {
  return [
    defineDownload('/backup', {
      summary:
        'A consistent copy of the node for `stockmesh restore`, with its keys: keep it as safe as a password. ' +
        'The end of the file says whether it is whole; `stockmesh backup` checks it.',
      access: 'admin',
      open: (request, response) => answerBackup(backup, request, response),
    }),
  ]
}

async function answerBackup(backup: BackupApi, request: Request, response: Response): Promise<void> {
  const parts = await backup.open()
  response.attachment('stockmesh.backup').type('application/octet-stream')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(parts, response)
  } catch (error) {
    // A caller that goes away in the middle is no failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
