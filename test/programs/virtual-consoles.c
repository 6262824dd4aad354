/* ioctls of a console that is not there: keys, strings, accents, fonts and maps. */
#include "calls.h"
#include <linux/kd.h>
#include <linux/keyboard.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

/* The end of memory: what begins `n` bytes before it ends there. */
static char *end;
#define LAST(n) (end - (n))

static void keys(void) {
  static const unsigned short meanings[] = {K_F1, K_UNDO, K_HOLE, K_ALLOCATED, K_P0, K_DGRAVE, K_DOWN, K_SHIFT, K_ASC0, K_SHIFTLOCK, K_SHIFT_SLOCK, K_BRL_BLANK, 0, 0x41, 0x27, 0x85c, 0xb7f, 0xdff, 0x2ff, 0x500, 0xf00, 0xf00d};
  for (unsigned i = 0; i < sizeof meanings / sizeof *meanings; i++) {
    struct kbentry entry = {(unsigned char)(i * 7), (unsigned char)i, meanings[i]};
    call(ioctl, -1, KDSKBENT, &entry), call(ioctl, -1, KDGKBENT, &entry);
  }
  LAST(2)[0] = 2, LAST(2)[1] = 9;
  call(ioctl, -1, KDSKBENT, LAST(2)), call(ioctl, -1, KDGKBENT, LAST(2)), call(ioctl, -1, KDSKBENT, LAST(1)), call(ioctl, -1, KDSKBENT, 0), call(ioctl, -1, KDGKBENT, WILD);

  struct kbsentry text = {3, "\033[[A\n"};
  call(ioctl, -1, KDSKBSENT, &text), call(ioctl, -1, KDGKBSENT, &text);
  memset(text.kb_string, 'x', 40);
  for (int n = 30; n < 36; n++) text.kb_string[n] = 0, call(ioctl, -1, KDSKBSENT, &text), text.kb_string[n] = 'x';
  memset(LAST(8), 'y', 8), call(ioctl, -1, KDSKBSENT, LAST(8)), call(ioctl, -1, KDSKBSENT, LAST(1)), call(ioctl, -1, KDSKBSENT, WILD);

  struct kbdiacrs accents = {3, {{'`', 'A', 0300}, {'\'', '\n', '\\'}, {0, 127, '"'}}};
  struct kbdiacrsuc wide = {2, {{0x301, 'a', 0xe1}, {0, 1, 0x10ffff}}};
  for (unsigned n = 0; n < 400; n = n * 3 + 1) accents.kb_cnt = wide.kb_cnt = n, call(ioctl, -1, KDSKBDIACR, &accents), call(ioctl, -1, KDSKBDIACRUC, &wide);
  memcpy(LAST(10), &accents, 10), call(ioctl, -1, KDSKBDIACR, LAST(10)), call(ioctl, -1, KDGKBDIACR, &accents), call(ioctl, -1, KDSKBDIACR, WILD);

  call(ioctl, -1, KDSETLED, 7), call(ioctl, -1, KDSKBLED, 0x10), call(ioctl, -1, KDSKBLED, 0x75), call(ioctl, -1, KDSKBLED, 0xfe), call(ioctl, -1, KDGKBLED, &text);
}

static void fonts(void) {
  static unsigned char glyphs[8192];
  for (unsigned i = 0; i < sizeof glyphs; i++) glyphs[i] = i * 31;
  struct consolefontdesc old = {0, 16, (char *)glyphs};
  for (int n = 0; n < 300; n = n * 16 + 1) old.charcount = n, call(ioctl, -1, PIO_FONTX, &old), call(ioctl, -1, GIO_FONTX, &old);
  old.chardata = LAST(31), call(ioctl, -1, PIO_FONTX, &old), old.chardata = 0, call(ioctl, -1, PIO_FONTX, &old), call(ioctl, -1, PIO_FONTX, WILD);

  struct console_font_op font = {0, 1, 8, 16, 1, glyphs};
  for (font.op = 0; font.op < 5; font.op++) call(ioctl, -1, KDFONTOP, &font);
  font.op = KD_FONT_OP_SET;
  for (font.width = 0; font.width < 40; font.width += 13) font.charcount = 256, call(ioctl, -1, KDFONTOP, &font), font.charcount = 0, call(ioctl, -1, KDFONTOP, &font);
  font.op = KD_FONT_OP_SET_DEFAULT;
  char name[] = "a font whose name has 31 letters or more";
  for (int n = 29; n < 34; n++) {
    char was = name[n];
    name[n] = 0, font.data = (void *)name, call(ioctl, -1, KDFONTOP, &font), name[n] = was;
  }
  font.data = 0, call(ioctl, -1, KDFONTOP, &font), font.data = (void *)LAST(3), call(ioctl, -1, KDFONTOP, &font), call(ioctl, -1, KDFONTOP, LAST(4));
}

static void maps(void) {
  unsigned short map[256];
  for (unsigned i = 0; i < 256; i++) map[i] = 0xeff8 + i * 9 + i % 3;
  struct unipair pairs[40] = {{0, 0}, {0x41, 1}, {0xffff, 511}};
  struct unimapdesc unicodes = {2, pairs};
  call(ioctl, -1, PIO_UNISCRNMAP, map), call(ioctl, -1, GIO_UNISCRNMAP, map), memcpy(LAST(6), map + 2, 6), call(ioctl, -1, PIO_UNISCRNMAP, LAST(6)), call(ioctl, -1, PIO_UNISCRNMAP, LAST(1));
  for (int n = 0; n < 41; n += 20) unicodes.entry_ct = n, call(ioctl, -1, PIO_UNIMAP, &unicodes), call(ioctl, -1, GIO_UNIMAP, &unicodes);
  unicodes.entries = 0, call(ioctl, -1, PIO_UNIMAP, &unicodes), call(ioctl, -1, GIO_UNIMAP, &unicodes), call(ioctl, -1, GIO_UNIMAP, WILD), call(ioctl, -1, PIO_UNIMAP, LAST(2));
}

int main(void) {
  end = (char *)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
  munmap(end, 4096);
  keys(), fonts(), maps();
  return 0;
}
