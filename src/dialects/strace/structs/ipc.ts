/** Structures of queues and futexes that strace does not write field by field. */
import * as sets from '../../../abi/sets.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { hash } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import type { Printer } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, hexNumber, permissions, signalName, unsignedNumber } from '../scalars.ts'
import { fieldsPrinter } from '../structures.ts'

const { SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID } = sets.sigev_value.values

/** Times are shown as what they are in the structure: numbers without a sign. */
const unsignedTimes: StructPrinters[string] = (type, scope) => {
  const { fields } = layoutOf(type.layout, scope.arch)
  const times = Object.entries(type.fields).flatMap(([name, t]) =>
    t.kind === 'int' && t.role === 'time' ? [name] : [],
  )
  const own = (name: string): Printer => {
    const { size } = fields[name]!
    return (out, frame, at) => unsignedNumber(out, frame, at, size)
  }
  return fieldsPrinter(type, scope, undefined, Object.fromEntries(times.map(name => [name, own(name)])))
}

/** Keys are decimal here, hexadecimal as arguments. */
const access: StructPrinters[string] = (type, scope) => {
  const { key, mode } = layoutOf(type.layout, scope.arch).fields
  return fieldsPrinter(type, scope, undefined, {
    mode: (out, frame, at) => permissions(out, readUnsigned(frame.view, at, mode!.size)),
    key: (out, frame, at) => unsignedNumber(out, frame, at, key!.size),
  })
}

export const ipcStructs: StructPrinters = {
  shmid64_ds: unsignedTimes,
  msqid64_ds: unsignedTimes,
  semid64_ds: unsignedTimes,
  ipc64_perm: access,
  // Those of 32-bit programs that ask ipc for them without IPC_64.
  shmid_ds: unsignedTimes,
  msqid_ds: unsignedTimes,
  semid_ds: unsignedTimes,
  ipc_perm: access,
  /** mq_open's attributes have flags that nobody looks at. */
  mq_attr: (type, scope) => {
    const opens = scope.args.some(a => a.name === 'oflag')
    const { size } = layoutOf(type.layout, scope.arch).fields.mq_flags!
    const mq_flags: Printer = (out, frame, at) => hexNumber(out, frame, at, size)
    return opens ? fieldsPrinter(type, scope, undefined, { mq_flags }) : undefined
  },
  /** A number, which may be a pointer; then what there is to know by the kind of notification. */
  sigevent: (type, { style, arch }) => {
    const { fields } = layoutOf(type.layout, arch)
    const word = fields.sigev_value!.size
    const [signalAt, notifyAt] = [fields.sigev_signo!.offset, fields.sigev_notify!.offset]
    const moreAt = notifyAt + 4
    const kinds = [nameTable(sets.sigev_value, arch)]
    return (out, frame, at) => {
      const { view } = frame
      const kind = view.getUint32(at + notifyAt, true)
      out.putChar('{')
      if (readUnsigned(view, at, word) !== 0) {
        out.put(`sigev_value={sival_int=${view.getInt32(at, true)}, sival_ptr=`)
        addressNumber(out, frame, at, word)
        out.put('}, ')
      }
      out.put('sigev_signo=')
      if (kind === SIGEV_SIGNAL || kind === SIGEV_THREAD || kind === SIGEV_THREAD_ID)
        signalName(out, view.getInt32(at + signalAt, true), style)
      else out.dec(view.getUint32(at + signalAt, true))
      out.put(', sigev_notify=')
      printValue(out, kinds, kind, 0, style)
      if (kind === SIGEV_THREAD_ID) out.put(`, sigev_notify_thread_id=${view.getInt32(at + moreAt, true)}`)
      else if (kind === SIGEV_THREAD) {
        out.put(', sigev_notify_function=')
        addressNumber(out, frame, at + moreAt, word)
        out.put(', sigev_notify_attributes=')
        addressNumber(out, frame, at + moreAt + word, word)
      }
      out.putChar('}')
    }
  },
  /** What is reserved is shown when it is not empty. */
  futex_waitv: (type, scope) => {
    const { __reserved: _, ...fields } = type.fields
    const print = fieldsPrinter({ ...type, fields }, scope)
    return (out, frame, at, bases) => {
      print(out, frame, at, bases)
      const reserved = frame.view.getUint32(at + 20, true)
      if (reserved === 0) return
      out.length--
      out.put(', __reserved=')
      hash(out, reserved)
      out.putChar('}')
    }
  },
}
