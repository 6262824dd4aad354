/** Structures: `{a=…, b=…}`, with what lies beyond the fields that are known. */
import type { Frame } from '../../record/frame.ts'
import { compileLength, compileTest, type Holds } from '../../types/evaluate.ts'
import type { Node, Struct } from '../../types/language.ts'
import { layoutOf, type Scope } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { type Printer, type PrintScope, printer } from './print.ts'
import { quote } from './quote.ts'
import { structPrinters } from './registry.ts'
import type { Style } from './style.ts'

/** The printer of a structure's content: one of the dialect's own, or field by field. */
export function structPrinter(type: Struct, scope: PrintScope): Printer {
  const own = structPrinters[type.layout]
  const print = own === undefined ? undefined : own(type, scope)
  return print ?? fieldsPrinter(type, scope)
}

/** `{a=…, b=…}`: fields in the order of the declaration. `only` names those shown when abbreviated, followed by `...`; `own` has printers in place of those of the types; those of `unlessZero` are shown only when they are not. */
export function fieldsPrinter(
  type: Struct,
  scope: PrintScope,
  only?: readonly string[],
  own?: { readonly [field: string]: Printer },
  unlessZero: readonly string[] = [],
): Printer {
  const layout = layoutOf(type.layout, scope.arch)
  const depth = scope.structs.length
  const inner: PrintScope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
  const abbreviated = only !== undefined && !scope.style.verbose
  const fields = Object.entries(type.fields)
    .filter(([name]) => !abbreviated || only.includes(name))
    .map(([name, t]) => {
      const place = layout.fields[name]
      if (place === undefined) throw new Error(`struct ${type.layout} has no field ${name} on ${scope.arch}`)
      const test = t.kind === 'when' ? presence(t, inner) : undefined
      return {
        label: `${fieldLabel(name)}=`,
        offset: place.offset,
        print: own?.[name] ?? printer(t, inner, place.size),
        test,
        end: place.offset + place.size,
        unlessZero: unlessZero.includes(name),
      }
    })
  const length = type.length === undefined ? undefined : compileLength(type.length, scope)
  return (out, frame, at, bases) => {
    bases[depth] = at
    out.putChar('{')
    let some = false
    const size = length === undefined ? Number.POSITIVE_INFINITY : length(frame, bases)
    for (const f of fields) {
      if (f.end > size || (f.test !== undefined && !f.test(frame, bases))) continue
      if (f.unlessZero && frame.bytes.subarray(at + f.offset, at + f.end).every(b => b === 0)) continue
      if (some) out.put(', ')
      some = true
      out.put(f.label)
      f.print(out, frame, at + f.offset, bases)
      bases[depth] = at
    }
    if (abbreviated) out.put(some ? ', ...' : '...')
    out.putChar('}')
  }
}

/** A structure with only some of its fields, in the order given. */
export function picked(type: Struct, names: readonly string[]): Struct {
  return { ...type, fields: Object.fromEntries(names.map(name => [name, type.fields[name]!])) }
}

/** What `print` writes, without the brace or bracket on either side: for a part that stands in others' braces. */
export function bare(print: Printer): Printer {
  return (out, frame, at, bases) => {
    const start = out.length
    print(out, frame, at, bases)
    out.bytes.copyWithin(start, start + 1, out.length - 1)
    out.length -= 2
  }
}

/** Whether a field is there, in the variant of the structure that it is in. */
function presence(type: Node, scope: Scope): Holds {
  if (type.kind !== 'when') return () => type.kind !== 'absent'
  const test = compileTest(type.test, scope)
  const then = presence(type.type, scope)
  const otherwise = presence(type.otherwise, scope)
  return (frame, bases) => (test(frame, bases) ? then : otherwise)(frame, bases)
}

/** A dotted name reaches into a nested structure; what is shown is its last part. */
const fieldLabel = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** What a structure holds beyond the fields that are known, before its closing brace; nothing when it is all zero. */
export function printGrown(
  out: TextBuffer,
  frame: Frame,
  at: number,
  from: number,
  to: number,
  have: number,
  style: Style,
): void {
  if (have >= to && frame.bytes.subarray(at + from, at + to).every(b => b === 0)) return
  out.length--
  if (out.bytes[out.length - 1] !== 123) out.put(', ')
  if (have < to) return out.put('???}')
  out.put(`/* bytes ${from}..${to - 1} */ `)
  const shown = Math.min(to - from, style.stringLimit)
  quote(out, frame.bytes, at + from, at + from + shown, { ...style, escape: 'all' })
  out.put(shown < to - from ? '...}' : '}')
}
