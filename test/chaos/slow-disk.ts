/**
 * A slow disk for one process: its control group may write to the disk only so often in a second, so that every flush
 * waits, as on a worn or shared disk. It needs the block controller of cgroups in its first version, and a user who may
 * use it; where there is none, there is no honest way and this fault is left out.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const controller = '/sys/fs/cgroup/blkio'
const limitFile = 'blkio.throttle.write_iops_device'

let groups = 0

/** Whether processes can be slowed whose files lie in the system's folder for temporary files. */
export function canSlowDisk(): boolean {
  try {
    const lift = slowDisk(process.pid, 1_000_000)
    lift()
    return true
  } catch {
    return false
  }
}

/** Answers what makes the disk fast again; a process that is gone by then needs nothing. */
export function slowDisk(pid: number, writesPerSecond: number): () => void {
  groups += 1
  const before = join(controller, groupOf(pid))
  const group = join(controller, `stockmesh-chaos-${process.pid}-${groups}`)
  mkdirSync(group)
  try {
    writeFileSync(join(group, limitFile), `${diskOf(tmpdir())} ${writesPerSecond}`)
    writeFileSync(join(group, 'cgroup.procs'), String(pid))
  } catch (error) {
    rmdirSync(group)
    throw error
  }
  return () => {
    for (const each of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n')) {
      if (each !== '') writeFileSync(join(before, 'cgroup.procs'), each)
    }
    rmdirSync(group)
  }
}

/** The path of the group that a process is in, below the controller. */
function groupOf(pid: number): string {
  const line = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .find((each) => each.split(':')[1] === 'blkio')
  if (line === undefined) throw new Error('This machine has no block controller of cgroups in its first version.')
  return line.split(':').slice(2).join(':')
}

/** As `major:minor`, the whole disk that a folder lies on. */
function diskOf(folder: string): string {
  const { dev } = statSync(folder)
  // As glibc packs them: twelve bits of the major number above eight of the minor one, and the rest of it on top.
  const own = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
  const device = `/sys/dev/block/${own}`
  return existsSync(`${device}/partition`) ? readFileSync(`${device}/../dev`, 'utf8').trim() : own
}
