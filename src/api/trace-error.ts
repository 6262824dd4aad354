/** What goes wrong before or in a trace, as an error that says what. */
import { errnoTexts } from '../abi/errno.ts'
import type { CaptureError } from '../capture/backend.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import type { Errno } from '../types/values.ts'

/**
 * - `program`: the program was not found, or may not be executed.
 * - `exec`, `launch`, `spawn`: it could not be started: execve itself, what was to be set up before it, the process.
 * - `attach`: a process could not be traced.
 * - `unsupported`: this kernel or machine cannot do it.
 * - `option`: an option makes no sense; nothing was started.
 * - `internal`: a fault of sysglass.
 */
export type TraceErrorCode = 'program' | 'option' | CaptureError['error']

/** Why a trace did not begin, or broke off. */
export class TraceError extends Error {
  override readonly name: string = 'TraceError'
  readonly code: TraceErrorCode
  /** The kernel's error by name (ENOENT, EPERM), null when it was none. */
  readonly errno: Errno | null
  /** The process that was meant, null when there was none. */
  readonly pid: number | null

  constructor(code: TraceErrorCode, message: string, errno: number = 0, pid: number = 0) {
    super(errno === 0 ? message : `${message}: ${errnoTexts[errno] ?? `errno ${errno}`}`)
    this.code = code
    this.errno = errno === 0 ? null : errnoOf(errno)
    this.pid = pid === 0 ? null : pid
  }
}

/** A capture's error, told of `what` was to be traced. */
export function traceError(error: CaptureError, what: string): TraceError {
  const { errno, pid } = error
  switch (error.error) {
    case 'exec':
      return new TraceError('exec', `cannot execute ${what}`, errno, pid)
    case 'launch':
    case 'spawn':
      return new TraceError(error.error, `cannot start ${what} (${error.message})`, errno, pid)
    case 'attach':
      return new TraceError('attach', `cannot attach to ${pid || what} (${error.message})`, errno, pid)
    default:
      return new TraceError(error.error, error.message, errno, pid)
  }
}
