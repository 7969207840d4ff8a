/**
 * The last line of a bare program: what its process used until everything was loaded.
 */
export function printLoaded(entries) {
  const { user, system } = process.cpuUsage()
  const loaded = {
    entries,
    megabytes: process.memoryUsage().rss / 1_048_576,
    cpu: (user + system) / 1_000_000,
    loadedAfter: process.uptime(),
  }
  process.stdout.write(JSON.stringify(loaded))
}
