/** ioctls of a console's keyboard: what keys mean, the strings of function keys, accents, lights. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { layoutOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { lookUp, type NameTable, nameTable, printFlags, printValue } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import { printArray } from '../sequences.ts'
import type { Style } from '../style.ts'
import { type ShownIoctl, type ShownIoctls, through } from './shown.ts'

const key = (value: number): string => (value === 0 ? '0' : `0x${value.toString(16)}`)

/** A character that a key makes. */
const keyCharacter = (n: number): string =>
  n >= 32 && n < 127
    ? `'${n === 39 || n === 92 ? '\\' : ''}${String.fromCharCode(n)}'`
    : `'\\x${n.toString(16).padStart(2, '0')}'`

const keysByType = [
  sets.kd_key_fn_keys,
  sets.kd_key_spec_keys,
  sets.kd_key_pad_keys,
  sets.kd_key_dead_keys,
  sets.kd_key_cur_keys,
  sets.kd_key_shift_keys,
  sets.kd_key_ascii_keys,
  sets.kd_key_lock_keys,
  sets.kd_key_slock_keys,
  sets.kd_key_brl_keys,
]
const { KT_LATIN, KT_META, KT_LETTER, KT_DEAD2 } = sets.kd_key_types.values
/** Types of keys whose value is a character. */
const charactersOf: readonly number[] = [KT_LATIN, KT_META, KT_LETTER, KT_DEAD2]

/** `0x100 /* K_F1 *​/`, or type and value of a key that has no name. */
function keyMeaning(out: TextBuffer, meaning: number, { style, arch }: PrintScope): void {
  out.put(key(meaning))
  if (style.constants === 'raw') return
  const name = lookUp(
    keysByType.map(set => nameTable(set, arch)),
    meaning,
    0,
  )
  if (name !== undefined) return out.put(` /* ${name} */`)
  const [type, value] = [meaning >>> 8, meaning & 255]
  const typeName = lookUp([nameTable(sets.kd_key_types, arch)], type, 0) ?? key(type)
  out.put(` /* K(${typeName}, ${charactersOf.includes(type) ? keyCharacter(value) : key(value)}) */`)
}

/** A table by its name, or by the modifiers that choose it: `1<<KG_CTRL`. */
function keyTable(out: TextBuffer, table: number, { style, arch }: PrintScope): void {
  const named = nameTable(sets.kd_key_tables, arch)
  if (lookUp([named], table, 0) !== undefined) printValue(out, [named], table, 0, style)
  else printFlags(out, [nameTable(sets.kd_keymap_flags, arch)], table, 0, style)
}

/** What a key means with some modifiers. `gets`: only a call that did not fail tells it. */
const entry =
  (gets: boolean) =>
  (scope: PrintScope): ShownIoctl => ({
    waits: gets,
    print: through((out, frame, address) => {
      if (address === 0 || frame.available(address) < 2) return false
      const have = frame.available(address)
      const { at, view } = frame
      out.put('{kb_table=')
      keyTable(out, view.getUint8(at), scope)
      out.put(`, kb_index=${view.getUint8(at + 1)}`)
      if (!gets || !frame.failed) {
        out.put(', kb_value=')
        if (have < 4) out.put('???')
        else keyMeaning(out, view.getUint16(at + 2, true), scope)
      }
      out.putChar('}')
      return true
    }, 'now'),
  })

const mostText = 512
/** What does not end within the string limit is cut, also where nothing but the NUL would follow. */
function keyText(out: TextBuffer, frame: Frame, address: number, style: Style): void {
  const limit = Math.min(style.stringLimit, mostText)
  const have = Math.min(frame.available(address), limit)
  const { at, bytes } = frame
  const length = bytes.subarray(at, at + have).indexOf(0)
  if (length < 0 && have < limit) return out.put('???')
  // In hexadecimal the NUL is one more byte, after which it does not end.
  const ends = length >= 0 && style.escape !== 'all'
  quote(out, bytes, at, at + (ends ? length : length < 0 ? limit : length + 1), style)
  if (!ends) out.put('...')
}

/** The text of a function key. */
const functionKey =
  (gets: boolean) =>
  ({ style, arch }: PrintScope): ShownIoctl => {
    const functions = [nameTable(sets.kd_key_fn_key_vals, arch)]
    return {
      waits: gets,
      print: through((out, frame, address) => {
        if (address === 0 || frame.available(address) < 1) return false
        out.put('{kb_func=')
        printValue(out, functions, frame.view.getUint8(frame.at), 0, style)
        if (!gets || !frame.failed) {
          out.put(', kb_string=')
          keyText(out, frame, address + 1, style)
        }
        out.putChar('}')
        return true
      }, 'now'),
    }
  }

const mostAccents = 256
/** Accents: those that count, as characters or as code points. */
const accents =
  (gets: boolean, field: string, bytes: 1 | 4) =>
  ({ style, arch }: PrintScope): ShownIoctl => {
    const first = layoutOf(bytes === 1 ? 'kbdiacrs' : 'kbdiacrsuc', arch).fields[field]!.offset
    const part = ({ view }: Frame, at: number): string =>
      bytes === 1 ? accentCharacter(view.getUint8(at)) : key(view.getUint32(at, true))
    const accent: Printer = (out, frame, at) =>
      out.put(
        `{diacr=${part(frame, at)}, base=${part(frame, at + bytes)}, result=${part(frame, at + bytes * 2)}}`,
      )
    return {
      waits: gets,
      print: through((out, frame, address, bases) => {
        if (address === 0 || (gets && frame.failed) || frame.available(address) < first) return false
        const count = frame.view.getUint32(frame.at, true)
        out.put(`{kb_cnt=${count}, ${field}=`)
        const shown = Math.min(count, mostAccents)
        const readable = frame.available(address + first) >= shown * bytes * 3
        if (!printArray(out, frame, address + first, shown, bytes * 3, accent, bases, style))
          out.put(`0x${(address + first).toString(16)}`)
        else if (count > shown && readable && (style.verbose || style.stringLimit >= shown)) {
          // More than the kernel has room for.
          out.length--
          out.put(', ...]')
        }
        out.putChar('}')
        return true
      }, 'now'),
    }
  }

/** As in a string, but that quotes are another kind, and -xx means others. */
const accentCharacter = (n: number): string => {
  const letter = { 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' }[n]
  return letter === undefined ? keyCharacter(n) : `'\\${letter}'`
}

/** `scancode=1, keycode=2 => 3`: in the same braces. */
const keycode = (): ShownIoctl => ({
  waits: true,
  print: (out, frame, at) => {
    const address = Number(frame.view.getBigUint64(at, true))
    const before = address === 0 || frame.availableAtEnter(address) < 8 ? -1 : frame.at
    if (before < 0)
      return out.put(address === 0 ? 'NULL' : `0x${frame.view.getBigUint64(at, true).toString(16)}`)
    out.put(
      `{scancode=${key(frame.view.getUint32(before, true))}, keycode=${key(frame.view.getUint32(before + 4, true))}`,
    )
    const after = frame.failed || frame.available(address) < 8 ? -1 : frame.at
    if (after >= 0) out.put(` => ${key(frame.view.getUint32(after + 4, true))}`)
    out.putChar('}')
  },
})

/** Only the low byte is lights: their state, and what they are at the start. */
const lights =
  (defaults: boolean) =>
  ({ style, arch }: PrintScope): ShownIoctl => {
    const tables = lightNames(defaults, arch)
    return { print: (out, { view }, at) => printFlags(out, tables, view.getUint8(at), 0, style) }
  }

/** The lights at the start stand in the bits above those of their state. */
const lightNames = (defaults: boolean, arch: PrintScope['arch']): NameTable[] => {
  const now = nameTable(sets.kd_led_flags, arch)
  const atStart = { ...now, names: now.names.map(name => `${name}<<4`), low: now.low.map(bit => bit << 4) }
  return defaults ? [now, atStart] : [now]
}

/** Lights and what they are at the start, as the kernel tells. */
const lightsTold = ({ style, arch }: PrintScope): ShownIoctl => {
  const tables = lightNames(true, arch)
  return {
    waits: true,
    print: through((out, frame, address) => {
      if (address === 0 || frame.failed || frame.available(address) < 1) return false
      out.putChar('[')
      printFlags(out, tables, frame.view.getUint8(frame.at), 0, style)
      out.putChar(']')
      return true
    }, 'now'),
  }
}

export const keyboardShown: ShownIoctls = {
  KDSETLED: lights(false),
  KDSKBLED: lights(true),
  KDGKBLED: lightsTold,
  KDGKBENT: entry(true),
  KDSKBENT: entry(false),
  KDGKBSENT: functionKey(true),
  KDSKBSENT: functionKey(false),
  KDGKBDIACR: accents(true, 'kbdiacr', 1),
  KDSKBDIACR: accents(false, 'kbdiacr', 1),
  KDGKBDIACRUC: accents(true, 'kbdiacruc', 4),
  KDSKBDIACRUC: accents(false, 'kbdiacruc', 4),
  KDGETKEYCODE: keycode,
}
