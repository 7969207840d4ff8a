/**
 * Every node and every shop in a network namespace of its own, behind a router: this process, which runs in a namespace
 * that holds nothing else. A dropped line is a routing rule that discards the packets from one address to another and
 * tells nobody, so that also the opening of a connection is lost and the systems repeat what they sent. Everything is
 * gone with the processes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodeClient } from '../harness/client.ts'
import { Owned } from '../harness/owned.ts'
import { adminToken, Program } from '../harness/process.ts'
import { clearLine, type End, type FaultName, faultNames, type Line, type LineState } from './faults.ts'
import { type Ground, type Member, nodeArguments } from './ground.ts'

/** Set in the process that runs in its own namespace. */
const insideVariable = 'CHAOS_INSIDE_NAMESPACE'
/** Rules before the one that delivers to this machine itself; lower than it, or answers to buyers would not be dropped. */
const dropPriority = 50
const localPriority = 100
const ports = { node: 7400, shop: 7500 } as const
/** What a run needs, tried out in a namespace that is thrown away. */
const trial = `
  unshare --net true
  nsenter --version
  ip link set lo up
  ip rule add blackhole from 10.77.0.1 to 10.77.0.2
  tc qdisc add dev lo root handle 1: htb default 0
  tc class add dev lo parent 1: classid 1:10 htb rate 1000bps
  tc filter add dev lo parent 1: protocol ip prio 1 u32 match ip src 10.77.0.1/32 flowid 1:10
`
/** Of the 12-bit handles that a traffic class may have, those of the slowed lines begin here. */
const classFirst = 10

export class NamespaceGround implements Ground {
  readonly kind = 'namespaces'
  readonly says = 'packets between network namespaces, dropped by routing rules'
  readonly members: readonly Member[]
  readonly #owned: Owned
  readonly #states = new Map<string, LineState>()

  private constructor(members: readonly Member[], owned: Owned) {
    this.members = members
    this.#owned = owned
  }

  static async open(names: readonly string[]): Promise<NamespaceGround> {
    const owned = new Owned()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'stockmesh-chaos-'))
      owned.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
      const members: Member[] = []
      for (const [index, name] of names.entries()) members.push(await place(name, index, folder, owned))
      return new NamespaceGround(members, owned)
    } catch (error) {
      await owned[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Whether this machine lets us: namespaces, rules that discard, and queues that slow one sender down. */
  static get isPossible(): boolean {
    const [command, ...args] = [...enter(), 'sh', '-ec', trial]
    return spawnSync(command, args, { stdio: 'ignore' }).status === 0
  }

  /** Whether this process runs in a namespace of its own, as `runInside` starts it. */
  static get isInside(): boolean {
    return process.env[insideVariable] === '1'
  }

  /** Runs this very command again in a namespace of its own; answers its exit code. */
  static async runInside(): Promise<number> {
    const [command, ...args] = [...enter(), process.execPath, ...process.execArgv, ...process.argv.slice(1)]
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, [insideVariable]: '1' } })
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  }

  /** Makes the namespace of this process the router that stands between all others; once. */
  static becomeRouter(): void {
    batch('ip', [
      'link set lo up',
      `rule add from all lookup local priority ${localPriority}`,
      'rule del from all lookup local priority 0',
    ])
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1')
  }

  /** Delays need a queue that not every kernel has; the relays make them. */
  get possible(): readonly FaultName[] {
    return faultNames.filter((name) => name !== 'delay')
  }

  set(states: readonly { readonly line: Line; readonly state: LineState }[]): void {
    const rules: string[] = []
    const traffic: string[] = []
    for (const { line, state } of states) {
      const name = `${line.from} > ${line.to}`
      const before = this.#states.get(name) ?? clearLine
      this.#states.set(name, state)
      if (state.dropped !== before.dropped) rules.push(dropRule(line, state.dropped ? 'add' : 'del'))
      if (state.bytesPerSecond !== before.bytesPerSecond) traffic.push(...slowing(line, before, state))
    }
    batch('ip', rules)
    batch('tc', traffic)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }
}

/** What runs a command in a network namespace of its own; root needs no user namespace for it. */
function enter(): readonly [string, ...string[]] {
  return process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--user', '--map-root-user', '--net']
}

async function place(name: string, index: number, folder: string, owned: Owned): Promise<Member> {
  const [node, shop] = [await openHost(`node ${index}`, owned), await openHost(`shop ${index}`, owned)]
  const shopUrl = `http://${shop.address}:${ports.shop}`
  const nodeUrl = `http://${node.address}:${ports.node}`
  const shopProgram = owned.use(
    await Program.start({
      name: `shop ${name}`,
      args: ['shop'],
      folder: join(folder, `shop-${name}`),
      port: ports.shop,
      host: shop.address,
      within: shop.within,
    }),
  )
  const nodeProgram = owned.use(
    await Program.start({
      name: `node ${name}`,
      args: nodeArguments(name, nodeUrl, shopUrl),
      folder: join(folder, `node-${name}`),
      port: ports.node,
      host: node.address,
      within: node.within,
    }),
  )
  const api = createNodeClient(nodeUrl, adminToken)
  return { name, node: nodeProgram, shop: shopProgram, api, address: nodeUrl, storefront: shopUrl }
}

interface Host {
  readonly address: string
  /** Runs a command there. */
  readonly within: readonly string[]
}

/** A namespace that a process holds open until this one ends, joined to the router by a cable of its own. */
async function openHost(end: End, owned: Owned): Promise<Host> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo open; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] })
  owned.defer(() => release(holder))
  await once(holder.stdout, 'data')
  const [router, cable] = [routerAddress(end), cableOf(end)]
  const within = ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--']
  owned.defer(async () => batch('ip', [`link del ${cable}`]))
  batch('ip', [
    `link add ${cable} type veth peer name peer${cable}`,
    `link set peer${cable} netns ${holder.pid}`,
    `addr add ${router}/30 dev ${cable}`,
    `link set ${cable} up`,
  ])
  const address = addressOf(end)
  const own = [
    'link set lo up',
    `addr add ${address}/30 dev peer${cable}`,
    `link set peer${cable} up`,
    `route add default via ${router}`,
  ]
  for (const line of own) call([...within, 'ip', ...line.split(' ')])
  batch('tc', [`qdisc add dev ${cable} root handle 1: htb default 0`])
  return { address, within }
}

async function release(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return
  const ended = once(holder, 'exit')
  holder.kill('SIGKILL')
  await ended
}

/** From 1: nodes are odd, shops are even. */
function hostNumber(end: End): number {
  const [what, member] = end.split(' ')
  return 2 * Number(member) + (what === 'node' ? 1 : 2)
}

function cableOf(end: End): string {
  return `cable${hostNumber(end)}`
}

function addressOf(end: End): string {
  return `10.77.${hostNumber(end)}.2`
}

/** As a host sees the router, and the buyers who are at the router. */
function routerAddress(end: End): string {
  return `10.77.${hostNumber(end)}.1`
}

function dropRule({ from, to }: Line, verb: 'add' | 'del'): string {
  const target = to === 'buyers' ? routerAddress(from) : addressOf(to)
  return `rule ${verb} blackhole from ${addressOf(from)} to ${target} priority ${dropPriority}`
}

/** A class of its own for what goes from one host to another, on the cable of the one that it goes to. */
function slowing({ from, to }: Line, before: LineState, state: LineState): readonly string[] {
  if (to === 'buyers') throw new Error('What buyers hear is not slowed.')
  const number = hostNumber(from)
  const [cable, handle] = [cableOf(to), `classid 1:${classFirst + number}`]
  const clear = [`filter del dev ${cable} parent 1: prio ${number}`, `class del dev ${cable} parent 1: ${handle}`]
  const { bytesPerSecond } = state
  return [
    ...(before.bytesPerSecond === null ? [] : clear),
    ...(bytesPerSecond === null
      ? []
      : [
          `class add dev ${cable} parent 1: ${handle} htb rate ${bytesPerSecond}bps`,
          `filter add dev ${cable} parent 1: protocol ip prio ${number} u32 match ip src ${addressOf(from)}/32 flowid 1:${classFirst + number}`,
        ]),
  ]
}

function batch(command: 'ip' | 'tc', lines: readonly string[]): void {
  if (lines.length > 0) call([command, '-batch', '-'], `${lines.join('\n')}\n`)
}

function call([command = '', ...args]: readonly string[], input?: string): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', ...(input === undefined ? {} : { input }) })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}\n${input ?? ''}`)
}
