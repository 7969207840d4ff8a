/**
 * Loads a stored Yjs update into a document, and prints what that took.
 */
import { readFileSync } from 'node:fs'
import { applyUpdate, Doc } from 'yjs'
import { printLoaded } from './loaded.mjs'

const document = new Doc()
applyUpdate(document, readFileSync(process.argv[2]))
printLoaded(document.getMap('stock').size)
