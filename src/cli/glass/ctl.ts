/** `glass ctl`: switches the calls that a running sysglass shows. */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { type ControlAnswer, type ControlRequest, controlPath } from '../control-socket.ts'
import type { StartContext } from '../start-context.ts'

/** Milliseconds for the socket to appear, and for an answer. */
const patience = 10_000

/** Does what the words say; sets the exit status. */
export async function ctl({ argv0, words }: StartContext): Promise<void> {
  try {
    const { pid, request } = parse(words)
    const answer = await ask(pid, request)
    if (!answer.ok) throw new ControlError(answer.error)
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    descriptorSink(2).write(Buffer.from(`${argv0} ctl: ${error.message}\n`, 'latin1'))
    process.exitCode = 1
  }
}

class ControlError extends Error {}

function parse(words: readonly string[]): { pid: number; request: ControlRequest } {
  const rest = [...words]
  let sink: string = 'log'
  const at = rest.findIndex(word => word === '--sink' || word.startsWith('--sink='))
  if (at >= 0) {
    const [word] = rest.splice(at, 1)
    sink = word === '--sink' ? (rest.splice(at, 1)[0] ?? '') : word!.slice('--sink='.length)
  }
  const [number, command, list, ...more] = rest
  if (sink !== 'log' && sink !== 'event') throw new ControlError(`no sink '${sink}': log or event`)
  if (number === undefined || !/^[1-9]\d{0,8}$/.test(number))
    throw new ControlError('the number of a process is needed')
  const names = list === undefined ? [] : list.split(',').filter(name => name !== '')
  if (command !== 'enable' && command !== 'disable' && command !== 'enable-all')
    throw new ControlError(`no command '${command ?? ''}': enable CALLS, disable or enable-all`)
  if (command !== 'enable' && list !== undefined) throw new ControlError(`${command} takes no calls`)
  if (more.length > 0) throw new ControlError(`too much: '${more.join(' ')}'`)
  return { pid: Number(number), request: { command, sink, names } }
}

async function ask(pid: number, request: ControlRequest): Promise<ControlAnswer> {
  let cmdline: string
  try {
    cmdline = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    throw new ControlError(`${pid}: no such process`)
  }
  // Whoever does not expect the signal would die of it.
  const caught = /^SigCgt:\t([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0'
  const expects = ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGUSR2 - 1)) & 1n) === 1n
  if (!expects || !/(^|\/)dist\/(sysglass|glass)\.cjs$/.test(cmdline.split('\0')[1] ?? ''))
    throw new ControlError(`${pid}: not a running sysglass`)
  const path = controlPath(pid)
  const until = performance.now() + patience
  let socket = await tryConnect(path)
  while (socket === null) {
    if (performance.now() > until) throw new ControlError(`${pid}: does not answer`)
    try {
      process.kill(pid, 'SIGUSR2')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new ControlError(`${pid}: ${code === 'EPERM' ? 'another user runs it' : 'no such process'}`)
    }
    await sleep(20)
    socket = await tryConnect(path)
  }
  return converse(socket, pid, request)
}

const tryConnect = (path: string): Promise<Socket | null> =>
  new Promise(resolve => {
    const socket = connect(path, () => resolve(socket))
    socket.once('error', () => resolve(null))
  })

const converse = (socket: Socket, pid: number, request: ControlRequest): Promise<ControlAnswer> =>
  new Promise((resolve, reject) => {
    let text = ''
    const fail = (): void => reject(new ControlError(`${pid}: ended before it answered`))
    socket.setEncoding('utf8')
    socket.setTimeout(patience, () => {
      socket.destroy()
      reject(new ControlError(`${pid}: does not answer`))
    })
    socket.on('error', fail)
    socket.on('close', fail)
    socket.on('data', part => {
      text += part
      if (!text.includes('\n')) return
      resolve(JSON.parse(text) as ControlAnswer)
      socket.end()
    })
    socket.write(`${JSON.stringify(request)}\n`)
  })
