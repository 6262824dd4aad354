/**
 * Numbers of processes and threads: what one of a tracee's pid namespace is in ours, and under which one /proc has it.
 *
 * /proc/N/status lists N's ids in every namespace from that of /proc itself down to N's own, so places in these lists
 * count namespaces from /proc's on. That of /proc is ours or (who unshares it and does not mount a new one) above ours.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { libc } from '../../libc/libc.ts'

/** What a number is that of. */
export type IdKind = 'tid' | 'pid' | 'pgid' | 'sid'

const lines: { readonly [kind in IdKind]: RegExp } = {
  tid: /^NSpid:\t(.*)$/m,
  pid: /^NStgid:\t(.*)$/m,
  pgid: /^NSpgid:\t(.*)$/m,
  sid: /^NSsid:\t(.*)$/m,
}

/** _IO(0xb7, 2): a descriptor of the namespace around the one of a descriptor. */
const NS_GET_PARENT = 0xb702

/** Where an id was found is remembered for so many of them. */
const mostRemembered = 4096

/** The ids of what /proc has under `proc`, in the namespaces from /proc's on; none when it is gone. */
function idsOf(proc: number | 'self', kind: IdKind): readonly number[] {
  try {
    return (lines[kind].exec(readFileSync(`/proc/${proc}/status`, 'latin1'))?.[1] ?? '')
      .split('\t')
      .map(Number)
  } catch {
    return []
  }
}

/** The pid namespace `up` levels above that of `proc`; '' when we may not know. */
function namespaceOf(proc: number | 'self', up: number): string {
  const path = `/proc/${proc}/ns/pid`
  try {
    if (up === 0) return readlinkSync(path)
    let fd = openSync(path, 'r')
    for (let left = up; left > 0; left--) {
      const parent = libc.ioctl(fd, NS_GET_PARENT, 0)
      closeSync(fd)
      if (parent < 0) return ''
      fd = parent
    }
    const { ino } = fstatSync(fd)
    closeSync(fd)
    return `pid:[${ino}]`
  } catch {
    return ''
  }
}

/** The place of our own namespace in lists of ids. */
let level: number | undefined
let own = ''

function ownLevel(): number {
  if (level === undefined) {
    level = Math.max(0, idsOf('self', 'tid').length - 1)
    own = namespaceOf('self', 0)
  }
  return level
}

/** Where ids were found before, to be looked at first. */
const places = new Map<string, number>()

/** Under which number /proc has the process or thread that is `id` in the namespace `space`, which has place `at` in lists; 0: nowhere. */
function find(space: string, at: number, id: number, kind: IdKind): number {
  const matches = (proc: number): boolean => {
    const ids = idsOf(proc, kind)
    return ids[at] === id && namespaceOf(proc, ids.length - 1 - at) === space
  }
  const key = `${space} ${kind} ${id}`
  const before = places.get(key)
  if (before !== undefined && matches(before)) return before
  const found = search(kind === 'tid', matches)
  if (found !== 0) {
    if (places.size >= mostRemembered) places.clear()
    places.set(key, found)
  }
  return found
}

function search(threads: boolean, matches: (proc: number) => boolean): number {
  for (const process of numbersIn('/proc')) {
    if (matches(process)) return process
    if (!threads) continue
    for (const thread of numbersIn(`/proc/${process}/task`))
      if (thread !== process && matches(thread)) return thread
  }
  return 0
}

function numbersIn(directory: string): number[] {
  try {
    return readdirSync(directory).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Under which number /proc has our thread or process `tid`; 0 when it has not. */
export function procNumber(tid: number): number {
  const at = ownLevel()
  return at === 0 ? tid : find(own, at, tid, 'tid')
}

/** What /proc has under the number `proc`, as we number it; 0 when we do not. */
export function ownNumber(proc: number): number {
  const at = ownLevel()
  return at === 0 ? proc : (idsOf(proc, 'tid')[at] ?? 0)
}

/** What thread `tid` knows as `id`, as we number it; 0 when that cannot be told. */
export function translate(tid: number, id: number, kind: IdKind): number {
  const at = ownLevel()
  const proc = procNumber(tid)
  const space = proc === 0 ? '' : namespaceOf(proc, 0)
  if (space === '') return 0
  if (space === own) return id
  const found = find(space, idsOf(proc, 'tid').length - 1, id, kind)
  return found === 0 ? 0 : (idsOf(found, kind)[at] ?? 0)
}

/** What our thread `tid` knows itself as, where that is in another namespace than ours. */
export function innermostIds(
  tid: number,
): { readonly innerPid: number; readonly innerTid: number } | undefined {
  const proc = procNumber(tid)
  const space = proc === 0 ? '' : namespaceOf(proc, 0)
  // Most are in ours: the link is quickly read.
  if (space === '' || space === own) return undefined
  return { innerPid: idsOf(proc, 'pid').at(-1) ?? 0, innerTid: idsOf(proc, 'tid').at(-1) ?? 0 }
}

/** The name of our thread `tid`, without the line end that the kernel adds; empty when it is gone. */
export function threadName(tid: number): Uint8Array {
  try {
    return readFileSync(`/proc/${procNumber(tid)}/comm`).subarray(0, -1)
  } catch {
    return new Uint8Array()
  }
}
