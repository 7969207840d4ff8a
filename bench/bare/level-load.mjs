/**
 * Reads every row of a level database and parses it as JSON, holds them all, and prints what that took.
 */
import { Level } from 'level'
import { printLoaded } from './loaded.mjs'

const level = new Level(process.argv[2])
const rows = new Map()
for await (const [key, value] of level.iterator()) rows.set(key, JSON.parse(value))
printLoaded(rows.size)
