/** ioctls as text, from frames made by hand; and that no frame, however wrong, is too much. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type TestCall, testFrame } from '../../../record/test-frames.ts'
import { ioctlCalls, requests } from '../../../syscalls/ioctl/index.ts'
import { TextBuffer } from '../../text-buffer.ts'
import { callPrinter } from '../call-printer.ts'
import { defaultStyle, type Style } from '../style.ts'

const styles: readonly Style[] = [
  defaultStyle,
  { ...defaultStyle, verbose: true, constants: 'verbose' },
  { ...defaultStyle, constants: 'raw', escape: 'all', stringLimit: 0 },
]
const printers = styles.map(style => callPrinter('ioctl', ioctlCalls.ioctl, 'amd64', style))

function text(call: TestCall, printer = printers[0]!): string {
  const out = new TextBuffer()
  const frame = testFrame(call)
  const next = printer.args(out, frame, 0)
  if (next < printer.count) return `${out.toString()} …`
  out.put(') = ')
  printer.result(out, frame)
  return out.toString()
}

const at = 0x1000
const bytes = (...numbers: readonly number[]) => Uint8Array.from(numbers)
const { TIOCGWINSZ, FIONBIO, FIOCLEX, TCSBRK } = requests.values

test('an argument that the kernel writes waits for the exit', () => {
  const args = [0, TIOCGWINSZ!, at]
  assert.equal(text({ args }), '0, TIOCGWINSZ,  …')
  assert.equal(
    text({ args, result: 0, exit: [{ address: at, bytes: bytes(24, 0, 80, 0, 0, 0, 0, 0) }] }),
    '0, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0',
  )
  assert.match(text({ args, result: -25 }), /TIOCGWINSZ, 0x1000\) = -1 ENOTTY/)
})

test('an argument that the kernel reads, none, a number', () => {
  assert.equal(
    text({ args: [3, FIONBIO!, at], enter: [{ address: at, bytes: bytes(1, 0, 0, 0) }], result: 0 }),
    '3, FIONBIO, [1]) = 0',
  )
  assert.equal(text({ args: [3, FIOCLEX!, 7], result: 0 }), '3, FIOCLEX) = 0')
  assert.equal(text({ args: [3, TCSBRK!, -1], result: 0 }), '3, TCSBRK, -1) = 0')
})

test('names of requests: several, with a size, none', () => {
  const named = (request: number): string =>
    text({ args: [0, request, 0], result: 0 })
      .split(', ')
      .slice(1, -1)
      .join(', ')
  assert.equal(named(0x5402), 'SNDCTL_TMR_START or TCSETS')
  assert.equal(named(0x80044521), 'EVIOCGBIT(EV_KEY, 4)')
  assert.equal(named(0x5a53), 'ZFS_IOC_WAIT')
  assert.equal(named(0x5a88), 'ZFS_IOC_GET_BOOTENV')
  assert.equal(named(0xc0ffee00), '_IOC(_IOC_READ|_IOC_WRITE, 0xee, 0, 0xff)')
})

test('every request with memory that makes no sense', () => {
  const numbers = [...new Set(Object.values(requests.values))]
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 64 }),
      fc.integer({ min: 0, max: 6000 }),
      fc.constantFrom(0, 1, 8, -14, 0x7fffffff),
      fc.integer({ min: 0, max: numbers.length - 1 }),
      (pattern, length, result, first) => {
        const memory = Uint8Array.from({ length }, (_, i) => pattern[i % Math.max(1, pattern.length)] ?? 0)
        const range = { address: at, bytes: memory }
        for (let i = first; i < Math.min(first + 200, numbers.length); i++) {
          const call = { args: [0, numbers[i]!, at], enter: [range], exit: [range], result }
          for (const printer of printers) text(call, printer)
        }
      },
    ),
    { numRuns: 12 },
  )
})
