/**
 * The limits of a backup, with the unit in the name and the reason beside each.
 */

/** Rows of one block, in bytes: what is held of a backup at a time, at both ends; a single larger row has its own. */
export const blockBytesMin: number = 256 * 1024
/** One block: beyond it a length was damaged, or the file is none of ours. The largest row is a stage's chunk. */
export const blockBytesMax: number = 64 * 1024 * 1024
/** The name of a database or a file in a block, in characters. */
export const nameCharactersMax: number = 100
