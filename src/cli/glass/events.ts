/** `glass events`: listens on a unix socket, and prints what arrives as lines. */
import { lstatSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { goDuration } from '../../dialects/gvisor/go-duration.ts'
import { type Event, EventReader } from '../../events/framing.ts'
import type { Strace } from '../../events/gvisor/strace_pb.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import type { StartContext } from '../start-context.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

/** Listens until a signal; resolves once it listens. */
export async function events({ argv0, words }: StartContext): Promise<void> {
  const json = words.includes('--json')
  const [path, ...more] = words.filter(word => word !== '--json')
  const say = (text: string): void => stderr.write(Buffer.from(`${argv0} events: ${text}\n`, 'latin1'))
  const fail = (text: string): void => {
    say(text)
    process.exitCode = 1
  }
  if (path === undefined || path.startsWith('-') || more.length > 0)
    return fail(`one path is needed\nTry '${argv0} events --help' for more information.`)
  const place = Buffer.from(path, 'latin1').toString()
  if (await isAlive(place)) return fail(`${path}: somebody listens there already`)
  // What a listener that was killed has left behind; nothing else is removed.
  if (lstatSync(place, { throwIfNoEntry: false })?.isSocket()) rmSync(place)

  const server = createServer(socket => receive(socket, json, say))
  const failed = await new Promise<Error | null>(resolve => {
    server.once('error', resolve)
    const mask = process.umask(0o177)
    server.listen(place, () => resolve(null))
    process.umask(mask)
  })
  if (failed !== null) return fail(`${path}: ${failed.message}`)
  const stop = (): void => {
    server.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

const isAlive = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

function receive(socket: Socket, json: boolean, say: (text: string) => void): void {
  const reader = new EventReader()
  socket.on('data', bytes => {
    try {
      const lines = reader.push(bytes).map(event => (json ? jsonLine(event) : textLine(event)))
      if (lines.length > 0) stdout.write(Buffer.from(lines.join('')))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') process.exit(0)
      say(message)
      socket.destroy()
    }
  })
  socket.on('end', () => {
    if (reader.pending > 0) say('a sender went away in the middle of a message')
  })
  socket.on('error', error => say(error.message))
}

/** What comes from a traced program does not reach a terminal as it is. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, c => `\\u{${c.codePointAt(0)!.toString(16)}}`)

function textLine(event: Event): string {
  if ('other' in event) return `? ${printable(event.other)}\n`
  const { process: name, function: call, args, info } = event.strace
  const head = `${info.case === 'exit' ? 'X' : 'E'} ${call}(${args.join(', ')})`
  const tail = info.case === 'exit' ? ` = ${info.value.return}${outcome(info.value)}` : ''
  return `${printable(`${name} ${head}${tail}`)}\n`
}

const outcome = ({ errNo, error, elapsedNs }: Extract<Strace['info'], { case: 'exit' }>['value']): string =>
  `${errNo === 0n ? '' : ` errno=${errNo} (${error})`} (${goDuration(Number(elapsedNs))})`

function jsonLine(event: Event): string {
  if ('other' in event) return `${JSON.stringify({ type: event.other })}\n`
  const { process: name, function: call, args, info } = event.strace
  const exit =
    info.case !== 'exit'
      ? {}
      : {
          return: info.value.return,
          error: info.value.error,
          errno: Number(info.value.errNo),
          elapsed_ns: Number(info.value.elapsedNs),
        }
  return `${JSON.stringify({ event: info.case ?? 'unknown', process: name, function: call, args, ...exit })}\n`
}
