import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RangeFlag } from '../../record/layout.ts'
import { cString, type TestCall, type TestRange, testFrame, words } from '../../record/test-frames.ts'
import {
  arg,
  argv,
  array,
  asOne,
  bytes,
  type Call,
  call,
  countedText,
  envp,
  field,
  growing,
  hex,
  inout,
  int,
  into,
  iovecs,
  mixed,
  out,
  outAlways,
  path,
  ret,
  size,
  struct,
  text,
  uint,
  ulong,
} from '../../types/language.ts'
import { TextBuffer } from '../text-buffer.ts'
import { callPrinter } from './call-printer.ts'
import { defaultStyle, type Style } from './style.ts'

const verbose: Style = { ...defaultStyle, verbose: true }

/** The arguments of a call, as they stand between the parentheses. */
function shown(declaration: unknown, frame: TestCall, style = defaultStyle): string {
  const text = new TextBuffer()
  callPrinter('test', declaration as Call, 'amd64', style).args(text, testFrame(frame), 0)
  return text.toString()
}
const at = (address: number, bytes: Uint8Array, flags = 0): TestRange => ({ address, bytes, flags })

test('a string is cut at the limit, and says that more follows', () => {
  const show = (string: string, limit: number) =>
    shown(
      call({ text }, int),
      { args: [0x1000], enter: [at(0x1000, cString(string))] },
      { ...defaultStyle, stringLimit: limit },
    )
  assert.equal(show('hello', 5), '"hello"')
  assert.equal(show('hello', 4), '"hell"...')
  assert.equal(show('', 0), '""')
  assert.equal(show('h', 0), '""...')
})

test('the NUL that a length counts shows only where all is hexadecimal', () => {
  const show = (escapes: Style['escape'], length: number) =>
    shown(
      call({ text: out(countedText(ret)) }, int),
      { args: [0x1000], exit: [at(0x1000, cString('hi'))], result: length },
      { ...defaultStyle, escape: escapes, stringLimit: 3 },
    )
  assert.equal(show('default', 3), '"hi"')
  assert.equal(show('default', 2), '"hi"')
  assert.equal(show('non-ascii-chars', 3), '"hi"')
  assert.equal(show('non-ascii', 3), '"\\x68\\x69\\x00"')
  assert.equal(show('non-ascii', 2), '"hi"')
  assert.equal(show('all', 3), '"\\x68\\x69\\x00"')
})

test('what cannot be read is an address, NULL is NULL', () => {
  const declaration = call({ path }, int)
  assert.equal(shown(declaration, { args: [0] }), 'NULL')
  assert.equal(shown(declaration, { args: [0x1000] }), '0x1000')
  const cut = at(0x1000, Buffer.from('no end'), RangeFlag.fault)
  assert.equal(shown(declaration, { args: [0x1000], enter: [cut] }), '0x1000')
})

test('as many bytes as the call moved; none of a call that failed', () => {
  const read = call({ buf: out(bytes(ret)), count: size }, size)
  const buffer = [at(0x1000, Buffer.from('abc'))]
  assert.equal(shown(read, { args: [0x1000, 10], result: 2, exit: buffer }), '"ab", 10')
  assert.equal(shown(read, { args: [0x1000, 10], result: 0 }), '"", 10')
  assert.equal(shown(read, { args: [0x1000, 10], result: -14 }), '0x1000, 10')
})

test('of a buffer that was not copied whole, what there is', () => {
  const write = call({ buf: into(bytes(arg('count'))), count: size }, size)
  const shownOf = (flag: number) =>
    shown(
      write,
      { args: [0x1000, 900], enter: [at(0x1000, Buffer.from('abc'), flag)] },
      { ...defaultStyle, stringLimit: 900 },
    )
  assert.equal(shownOf(RangeFlag.cut), '"abc"..., 900')
  assert.equal(shownOf(RangeFlag.fault), '0x1000, 900')
})

test('a value and its flags that are one number are written as one', () => {
  const sizes = { name: 's', kind: 'enum', values: { SMALL: 0, LARGE: 2 } }
  const more = { name: 'm', kind: 'flags', values: { PRIVATE: 128 } }
  const show = (constants: 'abbrev' | 'raw' | 'verbose', n: number) =>
    shown(call({ flags: asOne(mixed(3, sizes, more)) }, int), { args: [n] }, { ...defaultStyle, constants })
  assert.equal(show('abbrev', 130), 'LARGE|PRIVATE')
  assert.equal(show('raw', 130), '0x82')
  assert.equal(show('verbose', 130), '0x82 /* LARGE|PRIVATE */')
  assert.equal(show('verbose', 0), '0 /* SMALL */')
})

test('a call that has not returned stops before what only the return tells', () => {
  const read = call({ fd: int, buf: out(bytes(ret)), count: size }, size)
  assert.equal(shown(read, { args: [3, 0x1000, 10] }), '3, ')
})

test('vectors of strings: a list, or a count where it is the environment', () => {
  const vector = [
    at(0x1000, words(0x2000, 0x3000, 0x9000, 0)),
    at(0x2000, cString('ls')),
    at(0x3000, cString('-l')),
  ]
  assert.equal(shown(call({ argv }, int), { args: [0x1000], enter: vector }), '["ls", "-l", 0x9000]')
  assert.equal(shown(call({ envp }, int), { args: [0x1000], enter: vector }), '0x1000 /* 3 vars */')
  assert.equal(shown(call({ envp }, int), { args: [0x1000], enter: vector }, verbose), '["ls", "-l", 0x9000]')
  const unended = [at(0x1000, words(0x2000), RangeFlag.fault), at(0x2000, cString('a'))]
  assert.equal(
    shown(call({ envp }, int), { args: [0x1000], enter: unended }),
    '0x1000 /* 1 var, unterminated */',
  )
  assert.equal(shown(call({ argv }, int), { args: [0x1000], enter: unended }), '["a", ... /* 0x1008 */]')
})

test('lists: as many as strings have bytes, unless all is asked for', () => {
  const list = call({ list: into(array(ulong, arg('n'))), n: int }, int)
  const enter = [at(0x1000, words(1, 2, 3))]
  const short = { ...defaultStyle, stringLimit: 2 }
  assert.equal(shown(list, { args: [0x1000, 3], enter }), '[1, 2, 3], 3')
  assert.equal(shown(list, { args: [0x1000, 3], enter }, short), '[1, 2, ...], 3')
  assert.equal(shown(list, { args: [0x1000, 3], enter }, { ...short, verbose: true }), '[1, 2, 3], 3')
  assert.equal(shown(list, { args: [0x1000, 4], enter }), '[1, 2, 3, ... /* 0x1018 */], 4')
  assert.equal(shown(list, { args: [0x1000, 0], enter }), '[], 0')
  assert.equal(shown(list, { args: [0x5000, 2], enter }), '0x5000, 2')
})

test('iovecs: content up to what was moved', () => {
  const readv = call({ iov: out(iovecs(arg('n'), ret)), n: int }, size)
  const exit = [
    at(0x1000, words(0x2000, 4, 0x3000, 4)),
    at(0x2000, Buffer.from('abcd')),
    at(0x3000, Buffer.from('efgh')),
  ]
  assert.equal(
    shown(readv, { args: [0x1000, 2], result: 6, exit }),
    '[{iov_base="abcd", iov_len=4}, {iov_base="ef", iov_len=4}], 2',
  )
})

test('structures by field, as far as the caller says that they reach', () => {
  const type = { iov_base: hex, iov_len: ulong }
  const enter = [at(0x1000, words(16, 7))]
  assert.equal(
    shown(call({ a: into(struct('iovec', type)) }, int), { args: [0x1000], enter }),
    '{iov_base=0x10, iov_len=7}',
  )
  const sized = call({ a: into(struct('iovec', type, arg('n'))), n: size }, int)
  assert.equal(shown(sized, { args: [0x1000, 8], enter }), '{iov_base=0x10}, 8')
  assert.equal(shown(sized, { args: [0x1000, 99], enter }), '{iov_base=0x10, iov_len=7}, 99')
})

test('a structure that grew: what lies beyond is shown when it is not empty', () => {
  const grown = call(
    { a: into(growing('iovec', { iov_base: hex, iov_len: ulong }, arg('n'), 16)), n: size },
    int,
  )
  const enter = (more: number) => [at(0x1000, words(1, 2, more))]
  assert.equal(shown(grown, { args: [0x1000, 8], enter: enter(0) }), '0x1000, 8')
  assert.equal(shown(grown, { args: [0x1000, 24], enter: enter(0) }), '{iov_base=0x1, iov_len=2}, 24')
  assert.equal(
    shown(grown, { args: [0x1000, 24], enter: enter(5) }),
    String.raw`{iov_base=0x1, iov_len=2, /* bytes 16..23 */ "\x05\x00\x00\x00\x00\x00\x00\x00"}, 24`,
  )
  assert.equal(shown(grown, { args: [0x1000, 32], enter: enter(5) }), '{iov_base=0x1, iov_len=2, ???}, 32')
})

test('a number that the call changed', () => {
  const changes = call({ n: inout(int), m: outAlways(uint) }, int)
  const frame = (after: number): TestCall => ({
    args: [0x1000, 0x2000],
    enter: [at(0x1000, words(5))],
    result: 0,
    exit: [at(0x1000, words(after)), at(0x2000, words(9))],
  })
  assert.equal(shown(changes, frame(5)), '[5], [9]')
  assert.equal(shown(changes, frame(7)), '[5 => 7], [9]')
})

test('a pointer in a structure, whose length is a field', () => {
  const type = struct('iovec', { iov_base: into(bytes(field('iov_len'))), iov_len: ulong })
  const enter = [at(0x1000, words(0x2000, 3)), at(0x2000, Buffer.from('xyz'))]
  assert.equal(shown(call({ a: into(type) }, int), { args: [0x1000], enter }), '{iov_base="xyz", iov_len=3}')
})
