/** Programs that choose sockets: `{code=INET_DIAG_BC_DEV_COND, yes=8, no=12}, if_nametoindex("lo")`. */
import * as sets from '../../../abi/sets.ts'
import { inet4, inet6Field } from '../addresses/internet.ts'
import { nameTable, printValue } from '../names.ts'
import { membersOf } from './members.ts'
import { addressOf, index, type NetlinkContext, type NetlinkValue, unknown } from './values.ts'

const inStep = membersOf('inet_diag_bc_op')
const step = inStep.structure([
  inStep.value('code', sets.inet_diag_bytecodes, 'INET_DIAG_BC_???'),
  inStep.dec('yes'),
  inStep.dec('no'),
])
const inMark = membersOf('inet_diag_markcond')
const mark = inMark.structure([inMark.dec('mark'), inMark.dec('mask')])

const inHost = membersOf('inet_diag_hostcond')
/** What sockets are compared with; the address is as long as there is room. */
const host: NetlinkValue = (out, raw, at, length, context) => {
  const { style, arch, end } = context
  const [head, family] = [inHost.bytes, raw.bytes[at + inHost.at('family')]!]
  if (length < head) return false
  if (at + head > end) {
    addressOf(out, at, context)
    return true
  }
  out.put('{family=')
  printValue(out, [nameTable(sets.addrfams, arch)], family, 0, style)
  out.put(
    `, prefix_len=${raw.bytes[at + inHost.at('prefix_len')]}, port=${raw.view.getInt32(at + inHost.at('port'), true)}`,
  )
  const room = length - head
  const place = at + head
  const size = family === 2 ? 4 : family === 10 ? 16 : room
  if (room > 0) {
    out.put(', ')
    if (family === 10 && room >= size && place + size <= end) inet6Field(out, raw, place, 'addr', style)
    else {
      out.put('addr=')
      if (place + Math.min(room, size) > end) addressOf(out, place, context)
      else if (family === 2 && room >= size) inet4(out, raw, place, style)
      else unknown(out, raw, place, room, style)
    }
  }
  out.putChar('}')
  return true
}

/** What a step compares with; ports stand where a step would. */
function operand(code: number): NetlinkValue | undefined {
  const codes = sets.inet_diag_bytecodes.values
  switch (code) {
    case codes.INET_DIAG_BC_S_COND:
    case codes.INET_DIAG_BC_D_COND:
      return host
    case codes.INET_DIAG_BC_DEV_COND:
      return index
    case codes.INET_DIAG_BC_S_GE:
    case codes.INET_DIAG_BC_S_LE:
    case codes.INET_DIAG_BC_D_GE:
    case codes.INET_DIAG_BC_D_LE:
    case codes.INET_DIAG_BC_S_EQ:
    case codes.INET_DIAG_BC_D_EQ:
      return step
    case codes.INET_DIAG_BC_MARK_COND:
      return mark
    default:
      return undefined
  }
}

/** strace shows the first step only. */
export const bytecode: NetlinkValue = Object.assign(
  ((out, raw, at, length, context: NetlinkContext) => {
    if (!step(out, raw, at, length, context)) return false
    if (length <= inStep.bytes || at + inStep.bytes > context.end) return true
    out.put(', ')
    const [rest, left] = [at + inStep.bytes, length - inStep.bytes]
    if (operand(raw.bytes[at]!)?.(out, raw, rest, left, context) === true) return true
    if (rest + left > context.end) addressOf(out, rest, context)
    else unknown(out, raw, rest, left, context.style)
    return true
  }) satisfies NetlinkValue,
  { nested: true as const },
)
