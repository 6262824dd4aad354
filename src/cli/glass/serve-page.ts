/** Pages: where the build has put them, and the server that a user is given a link to. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants as os } from 'node:os'
import { join } from 'node:path'
import { descriptorSink, privateFileSink } from '../../sinks/byte-sink.ts'
import { startViewServer, type ViewOptions, type ViewServer } from '../../view/view-server.ts'
import { errorText } from '../resolve-program.ts'
import { CommandEnd } from './words.ts'

const stderr = descriptorSink(2)

/** How a page is to be served. */
export interface ServingWish {
  readonly port: number
  /** Also open the link. */
  readonly open: boolean
}

/** The port that was asked for; 0, any that is free, where none was. Throws a CommandEnd. */
export function portOf(text: string | undefined): number {
  const port = Number(text ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandEnd(`'${text}' is no port: 1 to 65535`)
  return port
}

/** A page, which the build has made one file of. */
export const pageHtml = (name: 'view' | 'diff'): string =>
  readFileSync(join(__dirname, `${name}.html`), 'utf8')

/** Serves; rejects with a CommandEnd where the port cannot be had. `print` is given the line with the link. */
export async function servePage(
  page: Pick<ViewOptions, 'questions' | 'progress' | 'html'>,
  { port, open }: ServingWish,
  print: (line: Buffer) => void,
): Promise<ViewServer> {
  const onFault = (error: unknown): void =>
    stderr.write(Buffer.from(`glass: internal error: ${(error as Error).stack ?? error}\n`))
  let server: ViewServer
  try {
    server = await startViewServer({ ...page, port, onFault })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new CommandEnd(`port ${port} is taken: choose another one, or leave --port out`)
    throw new CommandEnd(`port ${port}: ${errorText(error)}`)
  }
  print(Buffer.from(`${server.link}\n`))
  if (open) openLink(server.link)
  return server
}

/** Calls of a recording in a report, where nothing else is said: some 100 MB in a browser. */
export const reportCalls = 200_000

/** Writes a report, and tells how large it has become. */
export async function saveReport(
  file: string,
  html: string,
  what: string,
  notes: readonly string[],
): Promise<void> {
  // It holds what a program read and wrote.
  const sink = privateFileSink(Buffer.from(file), false)
  sink.write(Buffer.from(html))
  await sink.close()
  stderr.write(Buffer.from(`${file}: ${what}, ${(html.length / 1e6).toFixed(1)} MB\n`))
  for (const note of notes) stderr.write(Buffer.from(`${file}: ${note}\n`))
}

/** Signals that end a page's server. */
export const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type Ending = (typeof endings)[number]

/** Ends by a signal, once open pages know. */
export async function endServer(server: ViewServer | undefined, signal: Ending): Promise<never> {
  await server?.close('glass has ended: what is here stays, and nothing more can be asked.')
  process.exit(128 + os.signals[signal])
}

function openLink(link: string): void {
  const browser = spawn('xdg-open', [link], { stdio: 'ignore', detached: true })
  browser.on('error', error =>
    stderr.write(Buffer.from(`xdg-open: ${errorText(error)}; open the link yourself\n`)),
  )
  browser.unref()
}
