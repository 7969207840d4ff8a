/** Where the partition guard is read and changed. */
export const guardPath = '/api/v1/partition-guard'
