/** Signals, capabilities, the system's name. */
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { layout } from '../layouts.ts'
import {
  after,
  badAddress,
  before,
  flagsOf,
  putFailure,
  putRegister,
  type Setting,
  type Specifiers,
  structure,
  valuesOf,
  type Write,
  wide,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'

export function processSpecifiers(setting: Setting): Specifiers {
  const signals = signalList(setting)
  const set = structure(constants.SignalSetSize, 'copying sigset', signals)
  const action = signalAction(setting)
  const data = capabilityData(setting)
  return {
    SigSet: before(set),
    PostSigSet: after(set),
    SigAction: before(action),
    PostSigAction: after(action),
    CapHeader: before(capabilityHeader),
    CapData: before(data),
    PostCapData: after(data),
    Uname: after(uname(setting)),
  }
}

/** `[SIGHUP SIGUSR1 34]` of the eight bytes at `at`. */
function signalList(setting: Setting): (out: TextBuffer, frame: Frame, at: number) => void {
  const name = valuesOf(setting, 'signalNames', 'decimal')
  return (out, { view }, at) => {
    out.putChar('[')
    let first = true
    for (let half = 0; half < 2; half++) {
      const bits = view.getUint32(at + half * 4, true)
      for (let i = 0; i < 32; i++) {
        if (((bits >>> i) & 1) === 0) continue
        if (!first) out.putChar(' ')
        first = false
        name(out, half * 32 + i + 1, 0)
      }
    }
    out.putChar(']')
  }
}

function signalAction(setting: Setting): Write {
  const { size, at: place } = layout('kernel_sigaction', setting.arch)
  const flags = flagsOf(setting, 'sigActionFlags')
  const signals = signalList(setting)
  const handlerAt = place('sa_handler')
  const flagsAt = place('sa_flags')
  const restorerAt = place('sa_restorer')
  const maskAt = place('sa_mask')
  return structure(size, 'copying sigaction', (out, frame, at) => {
    const { view } = frame
    const handlerLow = view.getUint32(at + handlerAt, true)
    const handlerHigh = view.getUint32(at + handlerAt + 4, true)
    out.put('{Handler: ')
    if (handlerHigh === 0 && handlerLow === constants.SIG_DFL) out.put('SIG_DFL')
    else if (handlerHigh === 0 && handlerLow === constants.SIG_IGN) out.put('SIG_IGN')
    else out.hex(handlerLow, handlerHigh)
    out.put(', Flags: ')
    flags(out, view.getUint32(at + flagsAt, true), view.getUint32(at + flagsAt + 4, true))
    out.put(', Restorer: ')
    out.hex(view.getUint32(at + restorerAt, true), view.getUint32(at + restorerAt + 4, true))
    out.put(', Mask: ')
    signals(out, frame, at + maskAt)
    out.putChar('}')
  })
}

const versions = new Map<number, number>([
  [constants.LINUX_CAPABILITY_VERSION_1, 1],
  [constants.LINUX_CAPABILITY_VERSION_2, 2],
  [constants.LINUX_CAPABILITY_VERSION_3, 3],
])

/** A version without a number of its own is shown in hexadecimal, without 0x. */
const capabilityHeader: Write = structure(8, 'decoding header', (out, { view }, at) => {
  const version = view.getUint32(at, true)
  out.put(`{Version: ${versions.get(version) ?? version.toString(16)}, Pid: `)
  out.dec(view.getInt32(at + 4, true))
  out.putChar('}')
})

/** What the header before it says the version of: one word a set, or two. */
function capabilityData(setting: Setting): Write {
  const { size, at: place } = layout('__user_cap_data_struct', setting.arch)
  const flags = flagsOf(setting, 'CapabilityBitset')
  const parts = [
    ['{Permitted: ', place('permitted')],
    [', Inheritable: ', place('inheritable')],
    [', Effective: ', place('effective')],
  ] as const
  return (out, frame, index) => {
    const address = wide(frame, index)
    if (address === 0) return out.put('null')
    putRegister(out, frame, index)
    const header = frame.find(wide(frame, index - 1), 8)
    if (header < 0) return putFailure(out, 'decoding header', badAddress)
    const number = frame.view.getUint32(header, true)
    const version = versions.get(number)
    if (version === undefined) return out.put(` (unknown version ${number})`)
    const words = version === 1 ? 1 : 2
    const at = frame.find(address, size * words)
    if (at < 0) return putFailure(out, 'decoding data')
    out.putChar(' ')
    for (const [label, offset] of parts) {
      out.put(label)
      const upper = words === 2 ? frame.view.getUint32(at + size + offset, true) : 0
      flags(out, frame.view.getUint32(at + offset, true), upper)
    }
    out.putChar('}')
  }
}

const names = ['Sysname', 'Nodename', 'Release', 'Version', 'Machine', 'Domainname']

function uname(setting: Setting): Write {
  const { size } = layout('new_utsname', setting.arch)
  const length = size / names.length
  return (out, frame, index) => {
    putRegister(out, frame, index)
    const at = frame.find(wide(frame, index), size)
    if (at < 0) return putFailure(out, 'decoding utsname')
    names.forEach((name, i) => {
      out.put(i === 0 ? ' {' : ', ')
      out.put(`${name}: `)
      const from = at + i * length
      let to = from + length
      while (to > from && frame.bytes[to - 1] === 0) to--
      out.copyBytes(frame.bytes, from, to)
    })
    out.putChar('}')
  }
}
