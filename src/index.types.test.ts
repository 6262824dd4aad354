/** What the compiler knows of a trace. `npm run check` is the test: nothing here runs. */
import { test } from 'node:test'
import { type AnyCall, type CallName, readRecording, type Signal, type TracedCall, trace } from './index.ts'

/** Holds when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

async function all(): Promise<void> {
  for await (const call of trace(['ls', '-l'])) {
    same<typeof call, AnyCall>(true)
    if (call.name === 'openat') {
      same<typeof call.args.pathname, string | null>(true)
      same<typeof call.args.mode, number | undefined>(true)
      call.args.flags.names.includes('O_CREAT')
      // @ts-expect-error no such flag
      call.args.flags.names.includes('O_CREATE')
      same<typeof call.args.dirfd.path, string | undefined>(true)
      if (call.outcome === 'returned') same<typeof call.returns, { fd: number; path?: string } | null>(false)
      call.returns?.fd.toFixed()
      // @ts-expect-error openat has no such argument
      call.args.buf
    } else if (call.name === 'read') {
      same<typeof call.returns, bigint | null>(true)
      call.args.buf?.text().startsWith('#!')
      call.args.buf?.cut
    } else if (call.name === 'connect') {
      const { addr } = call.args
      if (typeof addr === 'object' && addr?.family === 'AF_INET') same<typeof addr.port, number>(true)
    } else if (call.name === 'kill') same<typeof call.args.sig, Signal>(true)
    else if (call.name === 'execve') same<typeof call.args.argv, readonly string[] | null>(true)
    // @ts-expect-error no such call
    if (call.name === 'opnat') return
    // @ts-expect-error calls only, unless events are asked for
    if (call.kind === 'signal') return
  }
}

async function some(): Promise<void> {
  for await (const call of trace({ pid: 1 }, { filter: ['openat', 'close'] })) {
    same<typeof call.name, 'openat' | 'close'>(true)
    if (call.name === 'close') same<typeof call, TracedCall<'close'>>(true)
    else call.args.pathname?.length
  }
  const filter = ['execve'] as const
  for await (const call of trace(['true'], { filter })) call.args.argv?.join(' ')
  for await (const call of trace(['true'], { filter: ['openat', '%network', '!connect', '/^f?chown'] }))
    same<typeof call, AnyCall>(true)
  // @ts-expect-error no such call
  trace(['true'], { filter: ['opnat'] })
  // @ts-expect-error no such class
  trace(['true'], { filter: ['%files'] })
  // @ts-expect-error an argv has a program
  trace([])
}

async function more(): Promise<void> {
  const t = trace(['true'], { filter: ['write'], events: true })
  for await (const event of t)
    if (event.kind === 'call') same<typeof event.name, 'write'>(true)
    else if (event.kind === 'signal') same<typeof event.signal, Signal>(true)
    else if (event.kind === 'exit') same<typeof event.code, number | null>(true)
  const { code, signal } = await t.exit
  same<typeof code, number | null>(true)
  same<typeof signal, Signal | null>(true)
  for await (const call of readRecording('file', { filter: ['read'] })) same<typeof call.name, 'read'>(true)
  same<Extract<CallName, 'openat' | 'nonesuch'>, 'openat'>(true)
}

test('types are checked by the compiler', () => {
  void [all, some, more]
})
