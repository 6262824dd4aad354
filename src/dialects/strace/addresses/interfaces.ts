/** Network interfaces by number: `if_nametoindex("lo")`. */
import { readFileSync } from 'node:fs'
import type { TextBuffer } from '../../text-buffer.ts'
import { quoteText } from '../quote.ts'
import type { Style } from '../style.ts'

/** Gives the name of an interface; undefined where it has none or where one cannot know. */
type InterfaceNames = (index: number) => string | undefined

/** The interfaces of our network namespace by number. */
function interfacesNow(): Map<number, string> {
  const found = new Map<number, string>()
  for (const line of readText('/proc/self/net/dev').split('\n')) {
    const name = /^ *([^ :/]+):/.exec(line)?.[1]
    if (name === undefined) continue
    // /sys is of the namespace that it was mounted in; without IPv6 there is nothing else that tells.
    const index =
      /^ifIndex\s+(\d+)/.exec(readText(`/proc/self/net/dev_snmp6/${name}`))?.[1] ??
      readText(`/sys/class/net/${name}/ifindex`)
    if (Number(index) > 0) found.set(Number(index), name)
  }
  return found
}

/** Empty: there is no such file, or no more. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Those lines of number, space and name that recordings and their notes have. */
export const interfaceLines = (): string[] => [...interfacesNow()].map(([index, name]) => `${index} ${name}`)

/** What such lines say; what is none of them says nothing. */
function namesIn(lines: readonly unknown[]): InterfaceNames {
  const names = new Map<number, string>()
  for (const line of lines) {
    const [, index, name] = (typeof line === 'string' && /^(\d{1,10}) ([^\n]{1,15})$/.exec(line)) || []
    if (name !== undefined) names.set(Number(index), name)
  }
  return index => names.get(index)
}

/** The interfaces of this machine, looked at once and again when a number is not among them. */
function machineInterfaces(): InterfaceNames {
  let names = new Map<number, string>()
  const unknown = new Set<number>()
  return index => {
    if (index === 0) return undefined
    const known = names.get(index)
    if (known !== undefined || unknown.has(index)) return known
    names = interfacesNow()
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
  lookUp = namesIn(Buffer.from(note).toString('latin1').split('\n'))
  try {
    return print()
  } finally {
    lookUp = outer
  }
}

/** From here on names are those that a recording has of its machine; without such, as of old recordings, they are this machine's. */
export function useInterfacesOf({ interfaces }: { readonly interfaces?: unknown }): void {
  lookUp = Array.isArray(interfaces) ? namesIn(interfaces) : machineInterfaces()
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
  out.putChar(')')
  if (style.constants === 'verbose') out.put(' */')
}
