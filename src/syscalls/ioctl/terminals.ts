/** Terminals: their settings, size, process groups and lines. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  array,
  byte,
  bytes,
  flags,
  int,
  into,
  oneOf,
  oneOf64,
  out,
  struct,
  uint,
  ushort,
} from '../../types/language.ts'

/** Parts of c_oflag and c_cflag are numbers rather than flags; a dialect that shows them takes them apart. */
const settings = {
  c_iflag: flags(sets.term_iflags),
  c_oflag: flags(sets.term_oflags),
  c_cflag: flags(sets.term_cflags),
  c_lflag: flags(sets.term_lflags),
  c_line: oneOf(sets.term_line_discs),
}
const termios = struct('termios', { ...settings, c_cc: array(byte, 19) })
const termios2 = struct('termios2', { ...settings, c_cc: array(byte, 19), c_ispeed: uint, c_ospeed: uint })
const termio = struct('termio', { ...settings, c_cc: array(byte, 8) })
const winsize = struct('winsize', { ws_row: ushort, ws_col: ushort, ws_xpixel: ushort, ws_ypixel: ushort })
const modem = flags(sets.modem_flags)

export const terminalIoctls = {
  TCGETS: out(termios),
  TCSETS: into(termios),
  TCSETSW: into(termios),
  TCSETSF: into(termios),
  TIOCGLCKTRMIOS: out(termios),
  TIOCSLCKTRMIOS: into(termios),
  TCGETS2: out(termios2),
  TCSETS2: into(termios2),
  TCSETSW2: into(termios2),
  TCSETSF2: into(termios2),
  TCGETA: out(termio),
  TCSETA: into(termio),
  TCSETAW: into(termio),
  TCSETAF: into(termio),

  TIOCGWINSZ: out(winsize),
  TIOCSWINSZ: into(winsize),

  TCXONC: oneOf64(sets.tcxonc_options),
  TCFLSH: oneOf64(sets.tcflsh_options),
  TCSBRK: int,
  TCSBRKP: int,
  TIOCSCTTY: int,

  TIOCGPGRP: out(int),
  TIOCSPGRP: into(int),
  TIOCGSID: out(int),
  TIOCGETD: out(int),
  TIOCSETD: into(int),
  TIOCPKT: into(int),
  TIOCGPKT: out(int),
  TIOCGSOFTCAR: out(int),
  TIOCSSOFTCAR: into(int),
  TIOCGPTN: out(int),
  TIOCSPTLCK: into(int),
  TIOCGPTLCK: out(int),
  TIOCGEXCL: out(int),
  TIOCGDEV: out(int),
  TIOCOUTQ: out(int),
  TIOCSTI: into(bytes(1)),

  TIOCMGET: out(modem),
  TIOCMBIS: into(modem),
  TIOCMBIC: into(modem),
  TIOCMSET: into(modem),

  TIOCSBRK: absent,
  TIOCCBRK: absent,
  TIOCCONS: absent,
  TIOCNOTTY: absent,
  TIOCEXCL: absent,
  TIOCNXCL: absent,
  TIOCVHANGUP: absent,
  TIOCSSERIAL: absent,
}
