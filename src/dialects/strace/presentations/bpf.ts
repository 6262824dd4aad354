/** bpf's attributes: which fields there are hangs on the command, and on how many bytes the program says they take. */
import type { Frame } from '../../../record/frame.ts'
import { type Bases, compileTest, type Holds, readAddress } from '../../../types/evaluate.ts'
import type { Node, Struct } from '../../../types/language.ts'
import { caseNamer, layoutOf, madeCases } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { bpfInstruction, instructionBytes } from '../bpf-instructions.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import { type Printer, type PrintScope, printer } from '../print.ts'
import { quote } from '../quote.ts'
import { addressNumber, descriptor, hexNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { printCString } from '../strings.ts'
import { argumentsWith } from './arguments.ts'

/** The kernel takes no more. */
const mostBytes = 4096

/**
 * Fields came in groups, and are shown when the first byte of their group is there; what is missing of them is
 * zero. Here is where the group of a field begins, unless that is where the field itself does.
 */
const groups: { readonly [field: string]: number } = {
  ...Object.fromEntries(
    ['key_size', 'value_size', 'max_entries', 'key', 'value', 'next_key', 'next_id'].map(f => [f, 0]),
  ),
  ...Object.fromEntries(
    ['insn_cnt', 'insns', 'license', 'bpf_fd', 'prog_fd', 'attach_bpf_fd'].map(f => [f, 0]),
  ),
  ...Object.fromEntries(['attach_type', 'attach_flags'].map(f => [f, 0])),
  ...Object.fromEntries(['btf_log_buf', 'btf_size', 'btf_log_size', 'btf_log_level'].map(f => [f, 0])),
  log_size: 24,
  log_buf: 24,
  btf_key_type_id: 48,
  btf_value_type_id: 48,
  func_info_rec_size: 72,
  func_info: 72,
  func_info_cnt: 72,
  line_info_rec_size: 72,
  line_info: 72,
  line_info_cnt: 72,
  'test.ctx_size_in': 40,
  'test.ctx_size_out': 40,
  'test.ctx_in': 40,
  'test.ctx_out': 40,
  'test.flags': 64,
  'test.cpu': 64,
  'test.batch_size': 72,
}
/** Fields of a member of the union are there when any of it is, with the few exceptions above. */
const groupOf = (name: string, offset: number): number =>
  groups[name] ??
  (name.startsWith('link_create.') && offset >= linkBytes ? linkBytes : name.includes('.') ? 0 : offset)
/** What all links have; what follows hangs on the kind of link. */
const linkBytes = 16
/** An update has had flags from the beginning. */
const updateFlags = 'bpf_map_update_elem_flags'
/** Its place belongs to it also where it means nothing. */
const reserved: ReadonlySet<string> = new Set(['old_prog_fd'])
/** Not shown where it is zero. */
const usuallyZero: ReadonlySet<string> = new Set(['link_create.target_btf_id'])

interface Field {
  readonly name: string
  /** The members that it stands in, outermost first. */
  readonly members: readonly string[]
  readonly offset: number
  readonly end: number
  readonly group: number
  readonly print: Printer
  readonly test: Holds | undefined
  readonly unlessZero: boolean
}

/** Printers of fields whose types do not say how they are shown. */
function ownPrinter(name: string, { style, arch }: PrintScope): Printer | undefined {
  switch (name) {
    case 'map_ifindex':
    case 'prog_ifindex':
      return (out, { view }, at) => interfaceIndex(out, view.getUint32(at, true), style)
    case 'kern_version':
      return (out, { view }, at) => {
        const version = view.getUint32(at, true)
        const named = `KERNEL_VERSION(${version >>> 16}, ${(version >>> 8) & 255}, ${version & 255})`
        if (style.constants !== 'abbrev')
          if (version === 0) out.putChar('0')
          else out.hex(version)
        if (style.constants === 'verbose') out.put(` /* ${named} */`)
        else if (style.constants === 'abbrev') out.put(named)
      }
    case 'map_name':
    case 'prog_name':
      return (out, { bytes, view, args }, at, bases) => {
        const size = view.getUint32(args + 16, true)
        const most = Math.min(nameBytes, size - (at - bases[0]!))
        const end = bytes.indexOf(0, at)
        const ends = end >= 0 && end < at + most
        quote(out, bytes, at, ends ? end : at + most - 1, style)
        if (!ends) out.put('...')
      }
    case 'numa_node':
      return (out, { view }, at) => {
        const node = view.getUint32(at, true)
        out.dec(node)
        if (node === 0xffffffff && style.constants !== 'raw') out.put(' /* NUMA_NO_NODE */')
      }
    case 'map_extra':
      return (out, { view }, at) => {
        const extra = view.getBigUint64(at, true)
        const named = extra === 0xffffffffffffffffn && style.constants !== 'raw'
        if (!named || style.constants === 'verbose') out.put(String(extra))
        if (named) out.put(style.constants === 'verbose' ? ' /* UINT64_MAX */' : 'UINT64_MAX')
      }
    case 'insns': {
      const instruction = bpfInstruction(style, arch)
      return (out, frame, at, bases) => {
        const address = readAddress(frame.view, at, 'amd64')
        const count = frame.view.getUint32(at - 4, true)
        const shown =
          style.verbose &&
          address !== 0 &&
          printArray(out, frame, address, count, instructionBytes, instruction, bases, style)
        if (!shown) addressNumber(out, frame, at, 8)
      }
    }
    case 'log_buf':
      return textWithin(-4, style)
    case 'task_fd_query.buf':
      return textWithin(-4, style)
    case 'next_id':
    case 'query.prog_cnt':
    case 'info.info_len':
      return changed
    case 'query.prog_ids': {
      const list = listOf(8, style, (out, { view }, at) => out.dec(view.getUint32(at, true)), 4)
      return (out, frame, at, bases) => {
        const known = frame.result >= 0 && !frame.failed
        const none = frame.view.getUint32(at + 8, true) === 0
        ;(known || none ? list : pointer)(out, frame, at, bases)
      }
    }
    case 'link_create.iter_info':
      return listOf(
        8,
        style,
        (out, frame, at) => {
          out.put('{map={map_fd=')
          descriptor(out, frame, frame.view.getInt32(at, true), style)
          out.put('}}')
        },
        4,
      )
    case 'link_create.kprobe_multi.syms':
      return listOf(
        -4,
        style,
        (out, frame, at) => {
          const address = readAddress(frame.view, at, 'amd64')
          if (address === 0 || !printCString(out, frame, address, style.stringLimit, style))
            pointer(out, frame, at, [])
        },
        8,
      )
    case 'link_create.kprobe_multi.addrs':
      return listOf(-12, style, (out, frame, at) => hexNumber(out, frame, at, 8), 8)
    case 'link_create.kprobe_multi.cookies':
      return listOf(-20, style, (out, frame, at) => hexNumber(out, frame, at, 8), 8)
    default:
      return undefined
  }
}
const nameBytes = 16
const pointer: Printer = (out, frame, at) => addressNumber(out, frame, at, 8)

/** A list of as many elements as the number `count` bytes away says. */
const listOf =
  (count: number, style: PrintScope['style'], element: Printer, stride: number): Printer =>
  (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, 'amd64')
    const n = frame.view.getUint32(at + count, true)
    if (address === 0 || !printArray(out, frame, address, n, stride, element, bases, style))
      pointer(out, frame, at, bases)
  }

/** Text that ends with a NUL, or after as many bytes as the number at `length` says. */
const textWithin =
  (length: number, style: PrintScope['style']): Printer =>
  (out, frame, at) => {
    const address = readAddress(frame.view, at, 'amd64')
    const size = frame.view.getUint32(at + length, true)
    const have = address === 0 ? 0 : Math.min(frame.available(address), size)
    const end = have === 0 ? -1 : frame.bytes.indexOf(0, frame.at)
    const ends = end >= 0 && end < frame.at + have
    if (address === 0 || (size > 0 && !ends && have < Math.min(size, style.stringLimit)))
      return addressNumber(out, frame, at, 8)
    const text = ends ? end - frame.at : have
    const shown = Math.min(text, style.stringLimit)
    quote(out, frame.bytes, frame.at, frame.at + shown, style)
    if (text > shown || (!ends && size > 0)) out.put('...')
  }

/** A number that the call changed: `0 => 25`. */
const changed: Printer = (out, frame, at, bases) => {
  const offset = at - bases[0]!
  frame.asEntered = true
  const before = frame.find(readAddress(frame.view, frame.args + 8, frame.arch) + offset, 4)
  frame.asEntered = false
  const now = frame.view.getUint32(at, true)
  const then = before < 0 ? now : frame.view.getUint32(before, true)
  out.put(then === now ? String(now) : `${then} => ${now}`)
}

function compileFields(type: Struct, scope: PrintScope): readonly Field[] {
  const layout = layoutOf(type.layout, scope.arch)
  const inner: PrintScope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
  return Object.entries(type.fields).map(([path, node]) => {
    const { offset, size } = layout.fields[path]!
    const names = path.split('.')
    return {
      name: names.at(-1)!,
      members: names.slice(0, -1),
      offset,
      end: offset + size,
      group: node.kind === 'enum' && node.sets[0]!.name === updateFlags ? 0 : groupOf(path, offset),
      unlessZero: usuallyZero.has(path),
      print: ownPrinter(path, scope) ?? printer(node, inner, size),
      test: node.kind === 'when' ? compileTest(node.test, inner) : undefined,
    }
  })
}

/** The fields that there are, and what lies beyond them. */
function attributes(type: Struct, scope: PrintScope): (out: TextBuffer, frame: Frame, size: number) => void {
  const fields = compileFields(type, scope)
  const { size: whole } = layoutOf(type.layout, scope.arch)
  return (out, frame, size) => {
    const at = frame.padded(frame.at, size, Math.max(whole, size))
    const bases: Bases = [at]
    let open: readonly string[] = []
    let end = 0
    let separate = false
    out.putChar('{')
    for (const field of fields) {
      const there = field.test === undefined || field.test(frame, bases)
      if (there || reserved.has(field.name)) end = Math.max(end, field.end)
      if (!there) continue
      if (field.group >= size) continue
      if (field.unlessZero && isZero(frame, at + field.offset, at + field.end)) continue
      for (; !open.every((name, i) => field.members[i] === name); open = open.slice(0, -1)) out.putChar('}')
      if (separate) out.put(', ')
      for (; open.length < field.members.length; open = field.members.slice(0, open.length + 1))
        out.put(`${field.members[open.length]}={`)
      separate = true
      out.put(`${field.name}=`)
      field.print(out, frame, at + field.offset, bases)
    }
    for (const _ of open) out.putChar('}')
    if (size > end && !isZero(frame, at + end, at + size)) beyond(out, frame, at, end, size, scope)
    out.putChar('}')
  }
}

const isZero = (frame: Frame, from: number, to: number): boolean =>
  frame.bytes.subarray(from, to).every(b => b === 0)

/** Bytes that belong to no field. */
function beyond(
  out: TextBuffer,
  frame: Frame,
  at: number,
  from: number,
  to: number,
  { style }: PrintScope,
): void {
  if (!style.verbose) return out.put(', ...')
  out.put(', extra_data=')
  quote(out, frame.bytes, at + from, at + to, { ...style, escape: 'all' })
  out.put(` /* bytes ${from}..${to - 1} */`)
}

const bpf: Presentation = scope => {
  const type = scope.args[1]!.type
  if (type.kind !== 'select') return argumentsWith(scope, {})
  const structOf = (node: Node): Struct | undefined =>
    node.kind === 'pointer' && node.to.kind === 'struct' ? node.to : undefined
  const printers = madeCases(type, caseNamer(type, scope), node => {
    const struct = structOf(node)
    return struct === undefined ? null : attributes(struct, scope)
  })
  const attr: Printer = (out, frame, at) => {
    if (scope.style.unread) return addressNumber(out, frame, at, 8)
    const print = printers(frame.view.getUint32(frame.args, true))
    const size = frame.view.getUint32(frame.args + 16, true)
    const address = readAddress(frame.view, at, scope.arch)
    if (
      print === undefined ||
      print === null ||
      address === 0 ||
      size === 0 ||
      size > mostBytes ||
      frame.find(address, size) < 0
    )
      addressNumber(out, frame, at, scope.arch === 'i386' ? 4 : 8)
    else print(out, frame, size)
  }
  return argumentsWith(scope, { attr })
}

export const bpfPresentations: Presentations = { bpf }
