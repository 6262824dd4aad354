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
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  oneOf,
  out,
  signal,
  struct,
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
const unicodes = struct('unimapdesc', { entry_ct: ushort, entries: address })
const font = struct('consolefontdesc', { charcount: ushort, charheight: ushort, chardata: address })
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
  GIO_FONTX: inout(font),
  PIO_FONTX: into(font),
  PIO_FONTRESET: absent,
  KDFONTOP: inout(
    struct('console_font_op', {
      op: oneOf(sets.kd_font_ops),
      flags: flags(sets.kd_font_flags),
      width: uint,
      height: uint,
      charcount: uint,
      data: address,
    }),
  ),
  GIO_UNIMAP: inout(unicodes),
  PIO_UNIMAP: into(unicodes),
  PIO_UNIMAPCLR: into(
    struct('unimapinit', { advised_hashsize: ushort, advised_hashstep: ushort, advised_hashlevel: ushort }),
  ),
  GIO_CMAP: out(bytes(48)),
  PIO_CMAP: into(bytes(48)),
}
