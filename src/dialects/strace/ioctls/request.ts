/** An ioctl's request: its name or names, or what its number is made of. */
import { ioctlNames } from '../../../abi/ioctl-names.ts'
import * as sets from '../../../abi/sets.ts'
import type { ArchName } from '../../../record/layout.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Style } from '../style.ts'
import { said, unsaid } from './unsaid-names.ts'
import { zfsNames } from './zfs-names.ts'

/** The parts of a request: direction (as seen by the program), type, number, size of the argument. */
export interface RequestParts {
  readonly direction: number
  readonly type: number
  readonly nr: number
  readonly size: number
}
export const partsOf = (request: number): RequestParts => ({
  direction: request >>> 30,
  type: (request >>> 8) & 0xff,
  nr: request & 0xff,
  size: (request >>> 16) & 0x3fff,
})
const toKernel = 1
const fromKernel = 2
const bothWays = 3

export function printRequest(out: TextBuffer, request: number, arch: ArchName, style: Style): void {
  const number = (): void => (request === 0 ? out.putChar('0') : out.hex(request))
  if (style.constants !== 'abbrev') number()
  if (style.constants === 'raw') return
  if (style.constants === 'verbose') out.put(' /* ')
  const parts = partsOf(request)
  const plain: Style = { ...style, constants: 'abbrev' }
  const sized = sizedName(out, parts, arch, style)
  const names = saidNames(request, arch)
  if (names.length > 0) {
    if (sized) out.put(' or ')
    out.put(names.join(' or '))
  } else if (!sized) constructed(out, parts, arch, plain)
  if (style.constants === 'verbose') out.put(' */')
}

interface Names {
  readonly unsaid: ReadonlySet<string>
  /** Names that strace has for requests that the kernel names otherwise, or not at all. */
  readonly others: ReadonlyMap<number, readonly string[]>
}
function makeNames(isOld: boolean): Names {
  const others = new Map(Object.entries(zfsNames).map(([request, names]) => [Number(request), names]))
  for (const [, request, name] of said[isOld ? 'i386' : 'own'].matchAll(/(\d+):(\w+)/g))
    others.set(Number(request), [...(others.get(Number(request)) ?? []), name!])
  others.set(oldNotifyValid, ['SECCOMP_IOCTL_NOTIF_ID_VALID_WRONG_DIR'])
  return { unsaid: new Set(`${unsaid.all}${isOld ? unsaid.i386 : ''}`.match(/\w+/g)), others }
}
/** Once said to read where it writes. */
const oldNotifyValid = 0x80082102
let own: Names | undefined
let old: Names | undefined

/** Names in the order of the alphabet. */
function saidNames(request: number, arch: ArchName): string[] {
  const { unsaid, others } = arch === 'i386' ? (old ??= makeNames(true)) : (own ??= makeNames(false))
  const names = ioctlNames(request, arch)
  return [...names.filter(name => !unsaid.has(name)), ...(others.get(request) ?? [])].sort()
}

/** `_IOC(_IOC_READ, 0x54, 0x1, 0x4)`. */
function constructed(out: TextBuffer, parts: RequestParts, arch: ArchName, style: Style): void {
  const hex = (n: number): void => {
    out.put(', ')
    if (n === 0) out.putChar('0')
    else out.hex(n)
  }
  out.put('_IOC(')
  printFlags(out, [nameTable(sets.ioctl_dirs, arch)], parts.direction, 0, style)
  hex(parts.type)
  hex(parts.nr)
  hex(parts.size)
  out.putChar(')')
}

/** Requests whose size is the caller's choice: they have as many numbers. */
function sizedName(out: TextBuffer, parts: RequestParts, arch: ArchName, style: Style): boolean {
  const { direction, nr, size } = parts
  const plain: Style = { ...style, constants: 'abbrev' }
  const named = (name: string): boolean => {
    out.put(`${name}(${size})`)
    return true
  }
  const indexed = (name: string, set: NameSet, index: number, tail: string): boolean => {
    out.put(`${name}(`)
    // Within a comment there is no other one.
    printValue(out, [nameTable(set, arch)], index, 0, plain, style.constants === 'verbose' ? '' : undefined)
    out.put(`${tail})`)
    return true
  }
  switch (String.fromCharCode(parts.type)) {
    case 'E':
      if (direction === toKernel && nr >= 0xc0) return indexed('EVIOCSABS', sets.evdev_abs, nr - 0xc0, '')
      if (direction !== fromKernel) return false
      if (nr === 0x20) {
        out.put(`EVIOCGBIT(0, ${size})`)
        return true
      }
      if (nr > 0x20 && nr < 0x40) return indexed('EVIOCGBIT', sets.evdev_ev, nr - 0x20, `, ${size}`)
      if (nr >= 0x40 && nr < 0x80) return indexed('EVIOCGABS', sets.evdev_abs, nr - 0x40, '')
      return inputNames[nr] !== undefined && named(inputNames[nr])
    case 'H':
      if (direction === bothWays && nr === 7) return named('HIDIOCGFEATURE')
      if (direction === bothWays && nr === 6) return named('HIDIOCSFEATURE')
      return direction === fromKernel && hidNames[nr] !== undefined && named(hidNames[nr])
    case 'M':
      if (direction !== fromKernel && direction !== toKernel) return false
      out.put(`${direction === fromKernel ? 'MIXER_READ' : 'MIXER_WRITE'}(${nr})`)
      return true
    case 'U':
      return direction === fromKernel && nr === 0x2c && named('UI_GET_SYSNAME')
    case 'j':
      return direction === fromKernel && nr === 0x13 && named('JSIOCGNAME')
    case 'k':
      return direction === toKernel && nr === 0 && named('SPI_IOC_MESSAGE')
    default:
      return false
  }
}

const hidNames: { readonly [nr: number]: string } = {
  4: 'HIDIOCGRAWNAME',
  5: 'HIDIOCGRAWPHYS',
  6: 'HIDIOCSFEATURE',
  8: 'HIDIOCGRAWUNIQ',
  18: 'HIDIOCGPHYS',
}
const inputNames: { readonly [nr: number]: string } = {
  6: 'EVIOCGNAME',
  7: 'EVIOCGPHYS',
  8: 'EVIOCGUNIQ',
  9: 'EVIOCGPROP',
  10: 'EVIOCGMTSLOTS',
  24: 'EVIOCGKEY',
  25: 'EVIOCGLED',
  26: 'EVIOCGSND',
  27: 'EVIOCGSW',
}
