/** Numbers without names, and numbers that are names: flags, commands, kinds. */

import type { TextBuffer } from '../../text-buffer.ts'
import { putOctal, signHalf } from '../go-numbers.ts'
import type { PutNames } from '../name-sets.ts'
import {
  before,
  flagsOf,
  high,
  low,
  putRegister,
  type Setting,
  type Specifiers,
  valuesOf,
  type Write,
} from '../specifier.ts'
import { constants } from '../tables/errors.ts'

/** The register as an int32, widened. */
const int32 =
  (put: PutNames): Write =>
  (out, frame, index) => {
    const value = low(frame, index)
    put(out, value, signHalf(value))
  }
const uint32 =
  (put: PutNames): Write =>
  (out, frame, index) =>
    put(out, low(frame, index), 0)
const uint64 =
  (put: PutNames): Write =>
  (out, frame, index) =>
    put(out, low(frame, index), high(frame, index))

export function numberSpecifiers(setting: Setting): Specifiers {
  return {
    Hex: before(putRegister),
    Oct: before((out, frame, index) => putOctal(out, low(frame, index), high(frame, index))),
    OpenFlags: before(openFlags(setting)),
    Mode: before(modeArgument(setting)),
    CloneFlags: before(uint32(flagsOf(setting, 'CloneFlagSet'))),
    FutexOp: before(futexOp(setting)),
    PtraceRequest: before(uint64(valuesOf(setting, 'PtraceRequestSet'))),
    ItimerType: before(int32(valuesOf(setting, 'ItimerTypes'))),
    EpollCtlOp: before(int32(valuesOf(setting, 'epollCtlOps'))),
    MmapProt: before(uint32(flagsOf(setting, 'ProtectionFlagSet'))),
    MmapFlags: before(uint32(flagsOf(setting, 'MmapFlagSet'))),
    CloseRangeFlags: before(uint32(flagsOf(setting, 'CloseRangeFlagSet'))),
    Signal: before(uint64(valuesOf(setting, 'signalNames', 'decimal'))),
    SignalMaskAction: before(int32(valuesOf(setting, 'signalMaskActions'))),
    SockFamily: before(int32(valuesOf(setting, 'SocketFamily'))),
    SockType: before(socketType(setting)),
    SockProtocol: before(socketProtocol(setting)),
    SockFlags: before(socketFlags(setting)),
    SockOptLevel: before(uint64(valuesOf(setting, 'sockOptLevels'))),
    SockOptName: before(socketOptionName(setting)),
  }
}

/** The access mode is one of several values; the other flags follow in any case. */
function openFlags(setting: Setting): Write {
  const access = valuesOf(setting, 'OpenMode')
  const flags = flagsOf(setting, 'OpenFlagSet')
  return (out, frame, index) => {
    const value = low(frame, index)
    access(out, value & constants.O_ACCMODE, 0)
    out.putChar('|')
    flags(out, value & ~constants.O_ACCMODE, 0)
  }
}

function modeArgument(setting: Setting): Write {
  const put = modeText(setting)
  return (out, frame, index) => put(out, low(frame, index))
}

/** A file's mode: its type where there is one, the extra bits, the permissions. */
export function modeText(setting: Setting): (out: TextBuffer, mode: number) => void {
  const types = valuesOf(setting, 'fileType')
  const extras = flagsOf(setting, 'modeExtraBits')
  return (out, mode) => {
    const bits = mode & 0xffff
    const type = bits & constants.FileTypeMask
    const extra = bits & ~constants.FileTypeMask & ~constants.PermissionsMask
    if (type !== 0) {
      types(out, type, 0)
      out.putChar('|')
    }
    if (extra !== 0) {
      extras(out, extra, 0)
      out.putChar('|')
    }
    putOctal(out, bits & constants.PermissionsMask, 0)
  }
}

function futexOp(setting: Setting): Write {
  const commands = valuesOf(setting, 'FutexCmd')
  const { FUTEX_CLOCK_REALTIME: realtime, FUTEX_PRIVATE_FLAG: own } = constants
  return (out, frame, index) => {
    const value = low(frame, index)
    commands(out, value & ~(realtime | own), 0)
    if ((value & realtime) !== 0) out.put('|FUTEX_CLOCK_REALTIME')
    if ((value & own) !== 0) out.put('|FUTEX_PRIVATE_FLAG')
  }
}

function socketType(setting: Setting): Write {
  const types = valuesOf(setting, 'SocketType')
  const flags = flagsOf(setting, 'SocketFlagSet')
  return (out, frame, index) => {
    const value = low(frame, index) | 0
    types(out, value & constants.SOCK_TYPE_MASK, 0)
    out.putChar('|')
    flags(out, value & ~constants.SOCK_TYPE_MASK, signHalf(value))
  }
}

/** accept4's flags: zero is a plain 0. */
function socketFlags(setting: Setting): Write {
  const flags = flagsOf(setting, 'SocketFlagSet')
  return (out, frame, index) => {
    const value = low(frame, index)
    if (value === 0) out.putChar('0')
    else flags(out, value, signHalf(value))
  }
}

/** The protocols of a family, which stands two arguments before. */
function socketProtocol(setting: Setting): Write {
  const families = new Map(
    [...Object.entries(protocolSets)].map(([family, set]) => [Number(family), valuesOf(setting, set)]),
  )
  return (out, frame, index) => {
    const value = low(frame, index) | 0
    const protocols = families.get(low(frame, index - 2) | 0)
    if (protocols !== undefined) return protocols(out, value, signHalf(value))
    if (value < 0) out.putChar('-')
    out.hex(Math.abs(value))
  }
}
const protocolSets = {
  2: 'SocketProtocol[AF_INET=2]',
  10: 'SocketProtocol[AF_INET6=10]',
  16: 'SocketProtocol[AF_NETLINK=16]',
}

/** The options of a level, which is the argument before. */
function socketOptionName(setting: Setting): Write {
  const levels = new Map(
    [...Object.entries(optionSets)].map(([level, set]) => [Number(level), valuesOf(setting, set)]),
  )
  return (out, frame, index) => {
    const names = high(frame, index - 1) === 0 ? levels.get(low(frame, index - 1)) : undefined
    if (names === undefined) putRegister(out, frame, index)
    else names(out, low(frame, index), high(frame, index))
  }
}
const optionSets = {
  0: 'sockOptNames[SOL_IP=0]',
  1: 'sockOptNames[SOL_SOCKET=1]',
  6: 'sockOptNames[SOL_TCP=6]',
  41: 'sockOptNames[SOL_IPV6=41]',
  270: 'sockOptNames[SOL_NETLINK=270]',
}
