/** Arguments of ptrace, landlock that hang on sizes and offsets. */

import { errnoNames } from '../../../abi/errno.ts'
import { audit_arch, nt_descriptor_types, ptrace_cmds, ptrace_syscall_info_op } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { ArchName } from '../../../record/layout.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber, hexNumber, unsignedNumber } from '../scalars.ts'
import { auditedCall } from '../structs/tracing.ts'
import { structPrinter } from '../structures.ts'
import { argumentsWith, usual } from './arguments.ts'

const {
  PTRACE_PEEKUSER,
  PTRACE_POKEUSER,
  PTRACE_GETSIGMASK,
  PTRACE_SETSIGMASK,
  PTRACE_GETREGSET,
  PTRACE_SETREGSET,
  PTRACE_GETREGS,
  PTRACE_GETFPREGS,
  PTRACE_SETFPREGS,
  PTRACE_SETREGS,
  PTRACE_GET_SYSCALL_INFO,
} = ptrace_cmds.values
const { PTRACE_SYSCALL_INFO_ENTRY, PTRACE_SYSCALL_INFO_EXIT, PTRACE_SYSCALL_INFO_SECCOMP } =
  ptrace_syscall_info_op.values
const { NT_PRSTATUS, NT_FPREGSET } = nt_descriptor_types.values
/** x86-64's struct user: registers, and what stands behind them. */
const registers = [
  'R15',
  'R14',
  'R13',
  'R12',
  'RBP',
  'RBX',
  'R11',
  'R10',
  'R9',
  'R8',
  'RAX',
  'RCX',
  'RDX',
  'RSI',
  'RDI',
  'ORIG_RAX',
  'RIP',
  'CS',
  'EFL',
  'RSP',
  'SS',
]
const members: readonly (readonly [offset: number, name: string])[] = [
  ...registers.map((name, i) => [i * 8, `8*${name}`] as const),
  ...(
    [
      [216, 'u_fpvalid'],
      [224, 'i387'],
      [736, 'u_tsize'],
      [744, 'u_dsize'],
      [752, 'u_ssize'],
      [760, 'start_code'],
      [768, 'start_stack'],
      [776, 'signal'],
      [784, 'reserved'],
      [792, 'u_ar0'],
      [800, 'u_fpstate'],
      [808, 'magic'],
      [816, 'u_comm'],
      [848, 'u_debugreg'],
    ] as const
  ).map(([offset, name]) => [offset, `offsetof(struct user, ${name})`] as const),
  [912, 'sizeof(struct user)'],
]
const userBytes = 912

/** `8*RIP`, or so many bytes behind. */
function userOffset(out: TextBuffer, offset: number): void {
  const [start, name] = members.findLast(([from]) => from <= offset)!
  out.put(offset === start ? name : `${name}+${offset - start}`)
}

/** The registers as fields, as many as there are bytes for, and whether there is `more`; arm64's are an array and three more. */
function registersOf(out: TextBuffer, frame: Frame, place: number, bytes: number, more = false): void {
  const words = Math.floor(bytes / 8)
  const labels = frame.arch === 'arm64' ? generalArm : general
  out.putChar('{')
  for (let i = 0; i < Math.min(words, labels.length); i++) {
    out.put(`${i === 0 ? '' : ', '}${labels[i]}`)
    hexNumber(out, frame, place + i * 8, 8)
    if (labels === generalArm && (i === 30 || (i < 30 && i === words - 1))) out.putChar(']')
  }
  if (more) out.put(', ...')
  out.putChar('}')
}
const general = [
  ...[
    'r15',
    'r14',
    'r13',
    'r12',
    'rbp',
    'rbx',
    'r11',
    'r10',
    'r9',
    'r8',
    'rax',
    'rcx',
    'rdx',
    'rsi',
    'rdi',
    'orig_rax',
  ],
  ...['rip', 'cs', 'eflags', 'rsp', 'ss', 'fs_base', 'gs_base', 'ds', 'es', 'fs', 'gs'],
].map(name => `${name}=`)
const generalArm = ['regs=[', ...new Array<string>(30).fill(''), 'sp=', 'pc=', 'pstate=']

/** x86-64's struct user_fpregs_struct: numbers, and lists of so many words of 32 bits. */
const floats: readonly (readonly [name: string, offset: number, bytes: 2 | 4 | 8, count?: number])[] = [
  ['cwd', 0, 2],
  ['swd', 2, 2],
  ['ftw', 4, 2],
  ['fop', 6, 2],
  ['rip', 8, 8],
  ['rdp', 16, 8],
  ['mxcsr', 24, 4],
  ['mxcr_mask', 28, 4],
  ['st_space', 32, 4, 32],
  ['xmm_space', 160, 4, 64],
  ['padding', 416, 4, 24],
]
const floatBytes = 512

/** The floating-point registers, as many as there are bytes for. */
function floatRegistersOf(out: TextBuffer, frame: Frame, place: number, bytes: number, more = false): void {
  for (const [name, offset, size, count] of floats) {
    if (offset >= bytes) break
    out.put(`${offset === 0 ? '{' : ', '}${name}=`)
    if (count === undefined) {
      hexNumber(out, frame, place + offset, size)
      continue
    }
    const end = Math.min(bytes, offset + count * size)
    for (let at = offset; at < end; at += size) {
      out.put(at === offset ? '[' : ', ')
      hexNumber(out, frame, place + at, size)
    }
    out.putChar(']')
  }
  if (more) out.put(', ...')
  out.putChar('}')
}
const registerBytes = (arch: ArchName): number => (arch === 'arm64' ? generalArm : general).length * 8

/** A set of registers in a vector, whose length the kernel corrects: `{iov_base={…}, iov_len=1024 => 216}`. */
const registerSet =
  (arch: ArchName, usualData: Printer): Printer =>
  (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, arch)
    frame.asEntered = true
    const before = address === 0 ? -1 : frame.find(address, 16)
    frame.asEntered = false
    if (before < 0) return usualData(out, frame, at, bases)
    const got = readUnsigned(frame.view, frame.args, 8) === PTRACE_GETREGSET
    const known = !got || (frame.result >= 0 && !frame.failed)
    const now = known ? frame.find(address, 16) : before
    const base = readAddress(frame.view, now, arch)
    const kind = readUnsigned(frame.view, at - 8, 8)
    const isFloat = kind === NT_FPREGSET && hasUser(arch)
    // What was written is as much as there was before the kernel corrected the length.
    const length = readUnsigned(frame.view, (got ? now : before) + 8, 8)
    const bytes = Math.min(length, isFloat ? floatBytes : registerBytes(arch))
    // Whole registers, or none.
    const isShown = known && bytes >= 8 && length % 8 === 0 && (isFloat || kind === NT_PRSTATUS)
    const place = isShown && base !== 0 ? frame.find(base, bytes) : -1
    out.put('{iov_base=')
    if (place < 0) addressNumber(out, frame, now, 8)
    else (isFloat ? floatRegistersOf : registersOf)(out, frame, place, bytes, length > bytes)
    out.put(', iov_len=')
    unsignedNumber(out, frame, before + 8, 8)
    if (frame.view.getBigUint64(now + 8, true) !== frame.view.getBigUint64(before + 8, true)) {
      out.put(' => ')
      unsignedNumber(out, frame, now + 8, 8)
    }
    out.putChar('}')
  }

/** Which stop it is, and of which call: as much as there is room for. */
const syscallInfo = ({ arch, style }: PrintScope): Printer => {
  const operations = [nameTable(ptrace_syscall_info_op, arch)]
  const audits = [nameTable(audit_arch, arch)]
  return (out, frame, at) => {
    const address = readAddress(frame.view, at, arch)
    const known = frame.result >= 0 && !frame.failed
    const size = known
      ? Math.min(readUnsigned(frame.view, at - 8, 8), readUnsigned(frame.view, frame.result, 8), infoBytes)
      : 0
    const place = address === 0 || size === 0 ? -1 : frame.find(address, size)
    if (place < 0) return addressNumber(out, frame, at, 8)
    const { view } = frame
    const operation = view.getUint8(place)
    out.put('{op=')
    printValue(out, operations, operation, 0, style)
    const audit = size >= 8 ? view.getUint32(place + 4, true) : 0
    if (size >= 8) {
      out.put(', arch=')
      printValue(out, audits, audit, 0, style, 'AUDIT_ARCH_???')
    }
    const pointer = (name: string, offset: number): void => {
      if (size < offset + 8) return
      out.put(`, ${name}=`)
      addressNumber(out, frame, place + offset, 8)
    }
    pointer('instruction_pointer', 8)
    pointer('stack_pointer', 16)
    const isSeccomp = operation === PTRACE_SYSCALL_INFO_SECCOMP
    if (size >= 32 && (operation === PTRACE_SYSCALL_INFO_ENTRY || isSeccomp)) {
      out.put(isSeccomp ? ', seccomp={nr=' : ', entry={nr=')
      const nr = view.getBigUint64(place + 24, true)
      auditedCall(out, nr, audit, arch, style)
      const count = Math.min(6, Math.floor((size - 32) / 8))
      if (count > 0) out.put(', args=[')
      for (let i = 0; i < count; i++) {
        if (i > 0) out.put(', ')
        hexNumber(out, frame, place + 32 + i * 8, 8)
      }
      if (count > 0) out.putChar(']')
      if (isSeccomp && size >= 84) out.put(`, ret_data=0x${view.getUint32(place + 80, true).toString(16)}`)
      out.putChar('}')
    } else if (size >= 32 && operation === PTRACE_SYSCALL_INFO_EXIT) {
      const rval = view.getBigInt64(place + 24, true)
      const failed = size >= 33 && view.getUint8(place + 32) !== 0
      const error = failed && rval < 0n && rval > -4096n ? errnoNames[Number(-rval)] : undefined
      out.put(', exit={rval=')
      if (error === undefined || style.constants === 'raw') out.put(`${rval}`)
      else out.put(style.constants === 'verbose' ? `${rval} /* -${error} */` : `-${error}`)
      if (size >= 33) out.put(`, is_error=${view.getUint8(place + 32)}`)
      out.putChar('}')
    }
    out.putChar('}')
  }
}
const infoBytes = 88

/** All of the registers. */
const allRegisters =
  (print: typeof registersOf, bytes: number): Printer =>
  (out, frame, at) => {
    const address = readAddress(frame.view, at, frame.arch)
    const request = readUnsigned(frame.view, frame.args, 8)
    const got = request === PTRACE_GETREGS || request === PTRACE_GETFPREGS
    const known = address !== 0 && (!got || (frame.result >= 0 && !frame.failed))
    const place = known ? frame.find(address, bytes) : -1
    if (place < 0) addressNumber(out, frame, at, 8)
    else print(out, frame, place, bytes)
  }

const setBytes = 8
const ptrace: Presentation = scope => {
  const { style, arch } = scope
  const usualAddress = usual(scope, 'addr')
  const usualData = usual(scope, 'data')
  const addr: Printer = (out, frame, at, bases) => {
    const request = readUnsigned(frame.view, frame.args, 8)
    const offset = readUnsigned(frame.view, at, 8)
    const isOffset = request === PTRACE_PEEKUSER || request === PTRACE_POKEUSER
    if (!isOffset || !hasUser(arch) || offset > userBytes) return usualAddress(out, frame, at, bases)
    if (style.constants !== 'abbrev') addressNumber(out, frame, at, 8)
    if (style.constants === 'verbose') out.put(' /* ')
    if (style.constants !== 'raw') userOffset(out, offset)
    if (style.constants === 'verbose') out.put(' */')
  }
  const masked: Printer = (out, frame, at, bases) => {
    if (readUnsigned(frame.view, at - 8, 8) === setBytes) usualData(out, frame, at, bases)
    else addressNumber(out, frame, at, 8)
  }
  const set = registerSet(arch, usualData)
  const byRequest = new Map<number, Printer>([
    [PTRACE_GETSIGMASK, masked],
    [PTRACE_SETSIGMASK, masked],
    ...(hasUser(arch)
      ? ([
          [PTRACE_GETREGS, allRegisters(registersOf, registerBytes(arch))],
          [PTRACE_SETREGS, allRegisters(registersOf, registerBytes(arch))],
          [PTRACE_GETFPREGS, allRegisters(floatRegistersOf, floatBytes)],
          [PTRACE_SETFPREGS, allRegisters(floatRegistersOf, floatBytes)],
        ] as const)
      : []),
    [PTRACE_GETREGSET, set],
    [PTRACE_SETREGSET, set],
    [PTRACE_GET_SYSCALL_INFO, syscallInfo(scope)],
  ])
  const data: Printer = style.unread
    ? usualData
    : (out, frame, at, bases) =>
        (byRequest.get(readUnsigned(frame.view, frame.args, 8)) ?? usualData)(out, frame, at, bases)
  return argumentsWith(scope, { addr, data })
}
const hasUser = (arch: ArchName): boolean => arch === 'amd64'

/** A size below that of the first field is not one of this structure. */
const leastRuleset = 8
const ruleset: Presentation = scope => {
  const { type } = scope.args.find(a => a.name === 'attr')!
  const ruleset = type.kind === 'pointer' && type.to.kind === 'struct' ? type.to : undefined
  const print = ruleset === undefined ? addressOnly : structPrinter(ruleset, scope)
  return argumentsWith(scope, {
    attr: (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, scope.arch)
      const short = address === 0 || readUnsigned(frame.view, at + 8, 8) < leastRuleset
      // The first field will do, whatever else could not be read.
      const place = short ? -1 : frame.find(address, leastRuleset)
      if (place < 0) addressOnly(out, frame, at, bases)
      else print(out, frame, place, bases)
    },
  })
}
const addressOnly: Printer = (out, frame, at) => addressNumber(out, frame, at, 8)

export const tracingPresentations: Presentations = { ptrace, landlock_create_ruleset: ruleset }
