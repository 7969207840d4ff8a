/**
 * The steps of the Dockerfile, taken one by one as a script where no container engine runs: what it copies builds, what it
 * installs runs as the user that it names, with the settings that it sets, and its health check tells the two apart.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { pickPort } from '../harness/port.ts'
import { execForm, movedBelow, stepsOf, type Step } from './container-file.ts'
import { askedFor, checkout, plainEnvironment, reason, removeFolder, scratchFolder } from './installed.ts'

const steps = stepsOf(readFileSync(join(checkout, 'Dockerfile'), 'utf8'))
/** Folders of the image that the steps name. */
const folders = ['/build', '/opt', '/data']
const isRoot = process.getuid?.() === 0

test('the image starts the command, as a user that is not root', () => {
  expect([...execForm(steps, 'ENTRYPOINT'), ...execForm(steps, 'CMD')]).toEqual(['stockmesh', 'start'])
  const user = steps.findLast(({ instruction }) => instruction === 'USER')?.words ?? ''
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
})

describe.skipIf(!askedFor || !isRoot)(`the steps of the Dockerfile (${reason}; as root)`, () => {
  let root: string
  /** What ENV and USER have set so far. */
  const settings: Record<string, string> = {}
  let user: { readonly uid: number; readonly gid: number } = { uid: 0, gid: 0 }

  beforeAll(() => {
    root = scratchFolder()
    for (const step of steps) take(step)
  }, 400_000)
  afterAll(() => removeFolder(root))

  function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const prefix = join(root, 'usr')
    return plainEnvironment({
      HOME: join(root, 'home'),
      npm_config_prefix: prefix,
      npm_config_loglevel: 'error',
      PATH: `${join(prefix, 'bin')}:${process.env['PATH'] ?? ''}`,
      ...settings,
      ...more,
    })
  }

  function take({ instruction, words }: Step): void {
    if (instruction === 'WORKDIR') mkdirSync(root + words, { recursive: true })
    else if (instruction === 'USER') {
      const [uid = 0, gid = 0] = words.split(':').map(Number)
      user = { uid, gid }
    } else if (instruction === 'ENV') {
      for (const word of words.split(' ')) {
        const [name = '', value = ''] = word.split('=')
        settings[name] = movedBelow(root, value, folders)
      }
    } else if (instruction === 'COPY') copy(words.split(' ').filter((word) => !word.startsWith('--')))
    else if (instruction === 'RUN') {
      const cwd = existsSync(`${root}/opt`) ? root : `${root}/build`
      const stdio = ['ignore', 'ignore', 'inherit'] as const
      execFileSync('sh', ['-c', movedBelow(root, words, folders)], {
        cwd,
        env: environment(),
        stdio: [...stdio],
        ...user,
      })
    }
  }

  /** From the context, which is every file that git knows or would add; or from an earlier stage. */
  function copy([from = '', to = '']: readonly string[]): void {
    if (from !== '.') {
      mkdirSync(dirname(root + to), { recursive: true })
      cpSync(root + from, root + to)
      return
    }
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
    const files = execFileSync('git', list, { cwd: checkout, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(checkout, name)))) {
      cpSync(join(checkout, file), join(root, 'build', file))
    }
  }

  test('leave a folder that belongs to the user alone, and nothing of the package beside the installed one', () => {
    const { mode, uid } = statSync(`${root}/data`)
    expect([mode & 0o777, uid]).toEqual([0o700, user.uid])
    expect(existsSync(`${root}/opt/stockmesh.tgz`)).toBe(false)
  })

  test('make a node that runs, is healthy while it does, keeps its data in the volume, and ends when it is asked to', async () => {
    const port = await pickPort()
    const env = environment({ STOCKMESH_PORT: String(port), STOCKMESH_NODE: `http://127.0.0.1:${port}` })
    const health = execForm(steps, 'HEALTHCHECK')
    const isHealthy = (): boolean => spawnSync(health[0] ?? '', health.slice(1), { env, ...user }).status === 0
    expect(isHealthy()).toBe(false)
    const [command = '', ...args] = [...execForm(steps, 'ENTRYPOINT'), ...execForm(steps, 'CMD')]
    const node = spawn(command, args, { cwd: root, env, stdio: 'ignore', ...user })
    const gone = once(node, 'exit')
    try {
      await eventually('the container is healthy', isHealthy)
      expect(spawnSync(command, ['status'], { cwd: root, env, ...user, encoding: 'utf8' }).stderr).toBe('')
      expect(existsSync(`${root}/data/node`)).toBe(true)
    } finally {
      node.kill('SIGTERM')
    }
    expect(await gone).toEqual([0, null])
    expect(isHealthy()).toBe(false)
  })
})
