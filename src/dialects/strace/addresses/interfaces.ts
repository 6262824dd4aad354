/** Network interfaces by number: `if_nametoindex("lo")`. */
import { readdirSync, readFileSync } from 'node:fs'
import type { TextBuffer } from '../../text-buffer.ts'
import { quoteText } from '../quote.ts'
import type { Style } from '../style.ts'

/** Gives the name of an interface; undefined where it has none or where one cannot know. */
export type InterfaceNames = (index: number) => string | undefined

/** The interfaces of this machine, looked at once and again when a number is not among them. */
export function machineInterfaces(): InterfaceNames {
  let names = new Map<number, string>()
  const unknown = new Set<number>()
  const read = (): Map<number, string> => {
    const found = new Map<number, string>()
    try {
      for (const name of readdirSync('/sys/class/net')) {
        try {
          found.set(Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'latin1')), name)
        } catch {
          // It went away in the meantime, or is a file that is no interface (bonding_masters).
        }
      }
    } catch {
      // No /sys here: numbers stay numbers.
    }
    return found
  }
  return index => {
    if (index === 0) return undefined
    const known = names.get(index)
    if (known !== undefined || unknown.has(index)) return known
    names = read()
    // Bounded: hostile programs have many numbers to offer.
    if (!names.has(index) && unknown.size < 1000) unknown.add(index)
    return names.get(index)
  }
}

let lookUp: InterfaceNames = machineInterfaces()

/** Prints with the names that a capture noted (lines of number, space and name), where it noted some. */
export function amongInterfaces<T>(note: Uint8Array | undefined, print: () => T): T {
  if (note === undefined) return print()
  const outer = lookUp
  const names = new Map<number, string>()
  for (const line of Buffer.from(note).toString('latin1').split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) names.set(Number(line.slice(0, space)), line.slice(space + 1))
  }
  lookUp = index => names.get(index)
  try {
    return print()
  } finally {
    lookUp = outer
  }
}

/** Replaces the source of names: what a recording knows, or nothing. */
export function setInterfaceNames(names: InterfaceNames): void {
  lookUp = names
}

export function interfaceIndex(out: TextBuffer, index: number, style: Style): void {
  const name = style.constants === 'raw' ? undefined : lookUp(index)
  if (name === undefined) {
    out.dec(index)
    return
  }
  if (style.constants === 'verbose') {
    out.dec(index)
    out.put(' /* ')
  }
  out.put('if_nametoindex(')
  quoteText(out, name, style)
  out.putByte(41)
  if (style.constants === 'verbose') out.put(' */')
}
