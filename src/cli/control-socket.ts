/**
 * The socket through which `glass ctl` switches calls. It costs nothing until it is wanted: SIGUSR2, which only the same user can
 * send, has a running sysglass open it, in a folder that only that user can enter.
 */
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CallSwitches, Sink } from './call-switches.ts'

/** A line of JSON either way. */
export interface ControlRequest {
  readonly command: 'enable' | 'disable' | 'enable-all'
  readonly sink: Sink
  readonly names: readonly string[]
}
export type ControlAnswer = { readonly ok: true } | { readonly ok: false; readonly error: string }

const maxRequest = 1 << 20

/** Where the socket of process `pid` is. Throws when the folder is somebody else's. */
export function controlPath(pid: number): string {
  const uid = process.getuid!()
  const folder = join(process.env.XDG_RUNTIME_DIR ?? '/tmp', `sysglass-${uid}`)
  mkdirSync(folder, { mode: 0o700, recursive: true })
  const { uid: owner, mode } = lstatSync(folder)
  if (owner !== uid || (mode & 0o170000) !== 0o040000) throw new Error(`${folder}: not ours`)
  chmodSync(folder, 0o700)
  return join(folder, `${pid}.sock`)
}

/** Opens the socket when SIGUSR2 comes. `settled` resolves when all that was captured before it was called has been shown. The result closes it. */
export function listenForControl(switches: CallSwitches, settled: () => Promise<void>): () => void {
  let close = (): void => {}
  let opening = false
  const open = async (): Promise<void> => {
    if (opening) return
    opening = true
    const { createServer } = await import('node:net')
    const path = controlPath(process.pid)
    rmSync(path, { force: true })
    const server = createServer(socket => {
      let text = ''
      socket.setEncoding('utf8').on('data', async part => {
        text += part
        if (text.length > maxRequest) return socket.destroy()
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          const line = text.slice(0, end)
          text = text.slice(end + 1)
          const answer = obey(switches, line)
          await settled()
          socket.write(`${JSON.stringify(answer)}\n`)
        }
      })
      socket.on('error', () => {})
      socket.unref()
    })
    server.on('error', () => {})
    server.listen(path).unref()
    close = () => {
      server.close()
      rmSync(path, { force: true })
    }
  }
  const onSignal = (): void => void open().catch(() => {})
  process.on('SIGUSR2', onSignal)
  return () => {
    process.off('SIGUSR2', onSignal)
    close()
  }
}

function obey(switches: CallSwitches, line: string): ControlAnswer {
  let request: Partial<ControlRequest> | null
  try {
    request = JSON.parse(line)
  } catch {
    return { ok: false, error: 'not a line of JSON' }
  }
  const { command, sink, names = [] } = request ?? {}
  if (sink !== 'log' && sink !== 'event') return { ok: false, error: `no sink ${JSON.stringify(sink)}` }
  if (!Array.isArray(names) || !names.every(name => typeof name === 'string'))
    return { ok: false, error: 'names are strings' }
  let chosen: readonly string[] | null
  if (command === 'enable') chosen = names
  else if (command === 'disable') chosen = []
  else if (command === 'enable-all') chosen = null
  else return { ok: false, error: `no command ${JSON.stringify(command)}` }
  const error = switches.set(sink, chosen)
  return error === null ? { ok: true } : { ok: false, error }
}
