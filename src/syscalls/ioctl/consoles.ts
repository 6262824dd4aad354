/** Virtual consoles: keyboard, sounds, fonts, and the tables behind them. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  address,
  array,
  byte,
  bytes,
  chars,
  decimal,
  field,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  oneOf,
  out,
  select,
  shortString,
  signal,
  struct,
  times,
  uint,
  ulong,
  ushort,
} from '../../types/language.ts'

const byteFlags = { ...flags(sets.kd_led_flags), bits: 8 as const }
const keyboard = { ...oneOf(sets.kd_kbd_types), bits: 8 as const }
const leds = flags(sets.kd_led_flags)
const entry = struct('kbentry', { kb_table: oneOf(sets.kd_key_tables), kb_index: byte, kb_value: ushort })
const text = struct('kbsentry', { kb_func: oneOf(sets.kd_key_fn_key_vals), kb_string: chars() })
const accents = struct('kbdiacrs', {
  kb_cnt: uint,
  kbdiacr: array(struct('kbdiacr', { diacr: byte, base: byte, result: byte }), 256),
})
const wideAccents = struct('kbdiacrsuc', {
  kb_cnt: uint,
  kbdiacruc: array(struct('kbdiacruc', { diacr: hex32, base: hex32, result: hex32 }), 256),
})
const keycode = struct('kbkeycode', { scancode: hex32, keycode: hex32 })
const pair = struct('unipair', { unicode: hex32, fontpos: hex32 })
const pairs = array(pair, field('entry_ct'))
/** Each character has 32 rows, whatever its height. */
const rows = 32
export const oldFontBytes = times(field('charcount'), rows)
const glyphs = bytes(oldFontBytes)
const font = { charcount: ushort, charheight: ushort }
/** Bytes of a font: rows of as many bytes as the width takes. */
export const fontBytes = times(times(field('charcount'), rows), times(field('width'), 1 / 8))
/** A font's name in the kernel has so many bytes. */
const mostFontName = 32
const mode = decimal(oneOf(sets.kd_kbd_modes), true)
const meta = oneOf(sets.kd_meta_vals)
const screenMap = array(hex32, 256, 2)

export const consoleIoctls = {
  KIOCSOUND: ulong,
  KDMKTONE: ulong,
  KDGETLED: out(byteFlags),
  KDSETLED: leds,
  KDGKBTYPE: out(keyboard),
  KDADDIO: hex,
  KDDELIO: hex,
  KDENABIO: absent,
  KDDISABIO: absent,
  KDSETMODE: oneOf(sets.kd_modes),
  KDGETMODE: out(oneOf(sets.kd_modes)),
  KDMAPDISP: absent,
  KDUNMAPDISP: absent,
  GIO_SCRNMAP: out(bytes(256)),
  PIO_SCRNMAP: into(bytes(256)),
  GIO_UNISCRNMAP: out(screenMap),
  PIO_UNISCRNMAP: into(screenMap),
  KDGKBMODE: out(mode),
  KDSKBMODE: mode,
  KDGKBMETA: out(meta),
  KDSKBMETA: meta,
  KDGKBLED: out(byteFlags),
  KDSKBLED: leds,
  KDGKBENT: inout(entry),
  KDSKBENT: into(entry),
  KDGKBSENT: inout(text),
  KDSKBSENT: into(text),
  KDGKBDIACR: out(accents),
  KDSKBDIACR: into(accents),
  KDGKBDIACRUC: out(wideAccents),
  KDSKBDIACRUC: into(wideAccents),
  KDGETKEYCODE: inout(keycode),
  KDSETKEYCODE: into(keycode),
  KDSIGACCEPT: signal,
  KDKBDREP: inout(struct('kbd_repeat', { delay: int, period: int })),
  GIO_FONT: out(bytes(8192)),
  PIO_FONT: into(bytes(8192)),
  GIO_FONTX: inout(struct('consolefontdesc', { ...font, chardata: out(glyphs) })),
  PIO_FONTX: into(struct('consolefontdesc', { ...font, chardata: into(glyphs) })),
  PIO_FONTRESET: absent,
  KDFONTOP: inout(
    struct('console_font_op', {
      op: oneOf(sets.kd_font_ops),
      flags: flags(sets.kd_font_flags),
      width: uint,
      height: uint,
      charcount: uint,
      data: select(
        field('op'),
        {
          KD_FONT_OP_SET: into(bytes(fontBytes)),
          KD_FONT_OP_GET: out(bytes(fontBytes)),
          KD_FONT_OP_SET_DEFAULT: into(shortString(mostFontName)),
        },
        address,
      ),
    }),
  ),
  GIO_UNIMAP: inout(struct('unimapdesc', { entry_ct: ushort, entries: out(pairs) })),
  PIO_UNIMAP: into(struct('unimapdesc', { entry_ct: ushort, entries: into(pairs) })),
  PIO_UNIMAPCLR: into(
    struct('unimapinit', { advised_hashsize: ushort, advised_hashstep: ushort, advised_hashlevel: ushort }),
  ),
  GIO_CMAP: out(bytes(48)),
  PIO_CMAP: into(bytes(48)),
}
