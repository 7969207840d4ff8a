/** What a command's end says to a script: 0 done, 1 failed, 2 used wrongly. */
export const exitFailed: number = 1
export const exitUsage: number = 2
