/**
 * Strangers at a node's port: `node flood.mjs PORT COUNT` opens so many sockets from many addresses of loopback and keeps
 * them open, each in one of five ways, and opens one anew when the node has closed it. It prints `full` when all have
 * been opened once, and how many were opened and closed when it is asked to end.
 */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
const upgrade = [
  'GET /sync/v1 HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
].join('\r\n')
/** A binary frame, masked, that says it has 1 MiB, and the beginning of it. */
const oversized = Buffer.concat([Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0]), randomBytes(4_096)])

const ways = [
  () => undefined,
  (socket) => socket.write('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nX-Slow: '),
  (socket) => socket.write(`${upgrade}\r\n`),
  (socket) => socket.write(`${upgrade}\r\n\r\n`),
  (socket) => {
    socket.write(`${upgrade}\r\n\r\n`)
    socket.write(oversized)
  },
]
const anewMs = 1_000

let opened = 0
let closed = 0
let told = false
const slow = new Set()

function open(index) {
  const localAddress = `127.0.${1 + (index % 200)}.${1 + (Math.floor(index / 200) % 250)}`
  const socket = connect({ port, host: '127.0.0.1', localAddress }, () => {
    opened += 1
    ways[index % ways.length](socket)
    if (index % ways.length === 1) slow.add(socket)
    if (opened >= count && !told) {
      told = true
      console.log('full')
    }
  })
  socket.on('error', () => undefined)
  socket.resume()
  socket.once('close', () => {
    closed += 1
    slow.delete(socket)
    setTimeout(() => open(index), anewMs)
  })
}

// A few at a time, as a backlog takes them.
let next = 0
const opening = setInterval(() => {
  for (let each = 0; each < 50 && next < count; each += 1, next += 1) open(next)
  if (next >= count) clearInterval(opening)
}, 10)
setInterval(() => {
  for (const socket of slow) socket.write('x')
}, 1_000)
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ opened, closed }))
  process.exit(0)
})
