/**
 * The systemd unit of a node, as text. The node may write its own folder and nothing else, and sees neither homes, nor
 * devices, nor the kernel. `MemoryDenyWriteExecute` is not there: JavaScript is compiled while it runs.
 */
import { isAbsolute, relative } from 'node:path'

export interface ServiceUnit {
  /** The words of the command that runs, the first an absolute path. */
  readonly command: readonly string[]
  /** The absolute path of the data. */
  readonly data: string
  readonly port: number
}

/** The user that the service runs as; whoever installs makes it. */
const user = 'stockmesh'
/** What systemd makes and gives to that user by itself. */
const stateRoot = '/var/lib'

export function serviceUnit({ command, data, port }: ServiceUnit): string {
  return `[Unit]
Description=Stockmesh node
Wants=network-online.target
After=network-online.target
# A node that ended is started again for as long as it takes.
StartLimitIntervalSec=0

[Service]
Type=exec
User=${user}
Group=${user}
# Secrets, such as STOCKMESH_SHOP_KEY=..., mode 0600.
EnvironmentFile=-/etc/stockmesh/environment
ExecStart=${command.map(unitWord).join(' ')}
Restart=always
RestartSec=5
# 2: a setting is wrong, and stays so until a person has changed it.
RestartPreventExitStatus=2
TimeoutStopSec=60
LimitNOFILE=65536
UMask=0077

${[...place(data), ...privilege(port)].join('\n')}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=${[data, ...command].some(isInHome) ? 'read-only' : 'yes'}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`
}

function place(data: string): readonly string[] {
  const name = relative(stateRoot, data)
  const isState = name !== '' && !name.startsWith('..') && !isAbsolute(name) && /^[\w./-]+$/.test(name)
  if (!isState) return [`# The folder must be there, and belong to ${user}.`, `ReadWritePaths=${unitWord(data)}`]
  return [`StateDirectory=${name}`, 'StateDirectoryMode=0700']
}

/** A port below 1024 is given to no user by itself. */
function privilege(port: number): readonly string[] {
  const capability = port > 0 && port < 1024 ? 'CAP_NET_BIND_SERVICE' : ''
  const lines = [`CapabilityBoundingSet=${capability}`, `AmbientCapabilities=${capability}`]
  // A user namespace of its own would take that capability away again.
  return capability === '' ? [...lines, 'PrivateUsers=yes'] : lines
}

function isInHome(path: string): boolean {
  return /^\/(home|root|run\/user)(\/|$)/.test(path)
}

/**
 * One word as systemd reads it: `%` and `$` are doubled, and what is not plain is quoted with escapes as in C. Source:
 * systemd.service(5), "Command lines", and systemd.syntax(7), "Quoting".
 */
function unitWord(word: string): string {
  const literal = word.replaceAll('%', '%%').replaceAll('$', () => '$$')
  if (/^[\w./:@%$,+=-]+$/.test(literal)) return literal
  const escaped = literal.replaceAll(/[\\"\p{Cc}]/gu, (character) =>
    character === '\\' || character === '"'
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}
