/**
 * The entry of the `stockmesh` command.
 */
import { keepNurserySmall } from '../memory.ts'
import { runCommand } from './run-command.ts'
import { processTerminal } from './terminal.ts'

keepNurserySmall()
process.exitCode = await runCommand(process.argv.slice(2), processTerminal())
