/** `stockmesh service print`: the unit says what was on the line, in systemd's own spelling, and no secret. */
import { beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../packages/node/src/cli/run-command.ts'
import { FakeTerminal } from './fake-terminal.ts'

let terminal: FakeTerminal
beforeEach(() => {
  terminal = new FakeTerminal({ STOCKMESH_SHOP_KEY: 'a-key-that-nobody-may-read', STOCKMESH_OPEN_SHOP: 'yes' })
})

async function unitOf(...args: string[]): Promise<string> {
  expect(await runCommand(['service', 'print', ...args], terminal)).toBe(0)
  expect(terminal.err).toBe('')
  return terminal.out
}

test('the command that runs is this very program, with every setting of the line and the environment', async () => {
  const unit = await unitOf('--name', 'Butik DK', '--url', 'https://stock.butik.example')
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? []
  expect(line.startsWith(`${process.execPath} /`)).toBe(true)
  expect(line).toContain('/bin/stockmesh.js start --data /var/lib/stockmesh --port 7400 --host 127.0.0.1')
  expect(line).toContain('--url https://stock.butik.example --name "Butik DK" --open-shop')
  expect(unit).not.toContain('a-key-that-nobody-may-read')
})

test('what systemd would replace or take as the end of a word is spelled so that it stays', async () => {
  const unit = await unitOf('--name', '50 % "$HOME" \\ a\nExecStartPre=/bin/false')
  expect(unit).toContain(String.raw`--name "50 %% \"$$HOME\" \\ a\u000aExecStartPre=/bin/false"`)
  expect(unit).not.toMatch(/^ExecStartPre/m)
})

test('its folder is made by systemd below /var/lib; another one it may write, and no more', async () => {
  expect(await unitOf()).toContain('\nStateDirectory=stockmesh\nStateDirectoryMode=0700\n')
  terminal.out = ''
  const unit = await unitOf('--data', '/srv/my shop')
  expect(unit).toContain('\nReadWritePaths="/srv/my shop"\n')
  expect(unit).not.toContain('StateDirectory')
  expect(unit).toContain('\nProtectSystem=strict\n')
})

test('only a port below 1024 gets the one capability that it needs', async () => {
  expect(await unitOf()).toMatch(/^CapabilityBoundingSet=\nAmbientCapabilities=\nPrivateUsers=yes$/m)
  terminal.out = ''
  expect(await unitOf('--port', '443')).toMatch(/^AmbientCapabilities=CAP_NET_BIND_SERVICE$/m)
})

test('anything but print is a wrong use', async () => {
  expect(await runCommand(['service', 'install'], terminal)).toBe(2)
  expect(terminal.err).toContain('ACTION must be "print"')
})
