/**
 * What numbers in netlink messages stand for, beside the note that programs make of the socket. It is looked up when the call is over;
 * so an interface that a call removes has the name that an earlier message brought to light, or that it had when the trace began.
 */
import { readlinkSync } from 'node:fs'
import { netlink_protocols } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { align8, Enter, Range, RangeKind } from '../../record/layout.ts'
import { genericFamilies } from '../notes/generic-families.ts'
import { netlinkSocket } from '../notes/netlink-questions.ts'
import { noteLines } from '../notes/netlink-sockets.ts'
import { copyDescriptor } from '../notes/pidfd.ts'
import { interfacesBehind } from '../notes/socket-interfaces.ts'
import { RecordBuilder } from '../plans/record-builder.ts'
import type { RecordWriter } from '../ptrace/record-writer.ts'
import { noMemory } from './no-memory.ts'

const { NETLINK_GENERIC } = netlink_protocols.values
/** Network namespaces of which interfaces are known; the newest are kept. */
const mostNamespaces = 256
/** Interfaces of one that are told of: programs may make and remove them for ever. */
const mostInterfaces = 256

export class NetlinkNames {
  readonly #writer: RecordWriter
  readonly #builder: RecordBuilder
  /** By namespace: names by number. */
  readonly #known = new Map<number, Map<string, string>>()
  readonly #own = namespaceOf(process.pid)

  constructor(writer: RecordWriter) {
    this.#writer = writer
    this.#builder = new RecordBuilder(writer.ring.bytes, writer.ring.view, noMemory)
    this.#interfaces(this.#own, process.pid, -1)
  }

  /** Adds names to the record at `at`, of a call of process `pid`, if it has netlink messages. Its bytes. */
  complete(at: number, fixed: number, length: number, pid: number): number {
    const { bytes, view } = this.#writer.ring
    const count = view.getUint32(at + Enter.ranges, true)
    let socket = 0
    for (let n = 0, place = at + fixed; n < count && place + Range.bytes <= at + length; n++) {
      const kind = bytes[place + Range.kind]
      if (kind === RangeKind.netlink) socket = place
      // A record that was made after the fact, as ptrace's are.
      if (kind === RangeKind.interfaces || kind === RangeKind.families) return length
      place += Range.bytes + align8(view.getUint32(place + Range.length, true))
    }
    if (socket === 0) return length
    const fd = view.getInt32(socket + Range.address, true)
    const protocol = view.getInt32(socket + Range.bytes, true)
    const namespace = view.getUint32(socket + Range.bytes + 4, true)
    // There programs put it: no record has it.
    view.setUint32(socket + Range.bytes + 4, 0, true)
    const builder = this.#builder
    builder.begin(at, length)
    if (protocol === NETLINK_GENERIC) noteLines(builder, RangeKind.families, fd, genericFamilies())
    else noteLines(builder, RangeKind.interfaces, fd, this.#interfaces(namespace, pid, fd))
    view.setUint32(at + Enter.ranges, count + builder.ranges, true)
    return builder.at - at
  }

  /** The interfaces of a namespace, a line each: those that there are, and those that there were. */
  #interfaces(namespace: number, pid: number, fd: number): string {
    if (namespace === 0) return ''
    const known = this.#known.get(namespace) ?? new Map<string, string>()
    for (const line of this.#look(namespace, pid, fd).split('\n')) {
      const [number, name] = line.split(' ', 2)
      if (number === undefined || name === undefined) continue
      known.delete(number)
      known.set(number, name)
      if (known.size > mostInterfaces) known.delete(known.keys().next().value!)
    }
    this.#known.delete(namespace)
    this.#known.set(namespace, known)
    if (this.#known.size > mostNamespaces) this.#known.delete(this.#known.keys().next().value!)
    let lines = ''
    for (const [number, name] of known) lines += `${number} ${name}\n`
    return lines
  }

  /** Those that there are now; '' when nobody is there to ask. */
  #look(namespace: number, pid: number, fd: number): string {
    const isOwn = namespace === this.#own
    if (!isOwn && namespaceOf(pid) !== namespace) return ''
    const socket = isOwn ? netlinkSocket('NETLINK_ROUTE') : copyDescriptor(pid, fd)
    if (socket < 0) return ''
    const lines = interfacesBehind(socket, isOwn ? process.pid : pid)
    libc.close(socket)
    return lines
  }
}

/** The number of a process's network namespace; 0 when it is gone. */
function namespaceOf(pid: number): number {
  try {
    return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0] ?? 0)
  } catch {
    return 0
  }
}
