/** Sets of signals as arguments: looked at only where their size is the kernel's. */
import { Enter } from '../../../record/layout.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { oldSignalCalls, signalCalls } from '../../../syscalls/signals.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber } from '../scalars.ts'
import { signalSet } from '../specials/sigset.ts'
import { handler } from '../structs/signals.ts'
import { argumentsWith, usual } from './arguments.ts'

const setBytes = 8
/** Of calls that know 32 signals. */
const oldSetBytes = 4
/** The printers of arguments that are sets, given the name of the size's argument. */
const sized =
  (sizeName: string, ...names: string[]): Presentation =>
  scope => {
    const size = scope.args.findIndex(a => a.name === sizeName)
    return argumentsWith(scope, Object.fromEntries(names.map(name => [name, ofSize(scope, name, size)])))
  }

const ofSize = (scope: PrintScope, name: string, sizeIndex: number): Printer => {
  const set = usual(scope, name)
  return (out, frame, at, bases) => {
    if (readUnsigned(frame.view, frame.args + sizeIndex * 8, 8) === setBytes) set(out, frame, at, bases)
    else addressNumber(out, frame, at, 8)
  }
}

/** The mask that is set again: `{mask=[HUP]}`. */
const sigreturn =
  (offsets: { readonly [arch: string]: number }, bytes = setBytes): Presentation =>
  ({ arch, style }) => [
    {
      label: '',
      arg: 'frame',
      print: (out, frame) => {
        const offset = offsets[arch]
        if (offset === undefined) return
        const address = readUnsigned(frame.view, Enter.sp, 8) + offset
        const place = style.unread ? -1 : frame.find(address, bytes)
        out.put('{mask=')
        if (place < 0) out.put(`0x${address.toString(16)}`)
        else {
          const high = bytes === setBytes ? frame.view.getUint32(place + 4, true) : 0
          signalSet(out, frame.view.getUint32(place, true), high, style, bytes * 8)
        }
        out.putChar('}')
      },
    },
  ]

/** More than the kernel's set is none. */
const pending: Presentation = scope => {
  const set = usual(scope, 'set')
  return argumentsWith(scope, {
    set: (out, frame, at, bases) => {
      const size = readUnsigned(frame.view, frame.args + 8, 8)
      if (size <= setBytes) set(out, frame, at, bases)
      else addressNumber(out, frame, at, 8)
    },
  })
}

/** Where nobody wants to know what came, all is known before. */
const waited: Presentation = scope =>
  sized(
    'sigsetsize',
    'set',
  )(scope).map(shown =>
    shown.arg === 'info'
      ? { ...shown, waits: frame => readAddress(frame.view, frame.args + 8, scope.arch) !== 0 }
      : shown,
  )

export const signalPresentations: Presentations = {
  rt_sigprocmask: sized('sigsetsize', 'set', 'oldset'),
  rt_sigreturn: sigreturn(signalCalls.rt_sigreturn.stack?.offsets ?? {}),
  sigreturn: sigreturn(oldSignalCalls.sigreturn.stack?.offsets ?? {}, oldSetBytes),
  signal: scope => argumentsWith(scope, { handler: handler(scope) }),
  rt_sigpending: pending,
  rt_sigsuspend: sized('sigsetsize', 'mask'),
  rt_sigtimedwait: waited,
  signalfd: sized('sizemask', 'mask'),
  signalfd4: sized('sizemask', 'mask'),
}
