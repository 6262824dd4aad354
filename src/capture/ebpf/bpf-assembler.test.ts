/** What the assembler makes, as another disassembler reads it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BpfAssembler } from './bpf-assembler.ts'

/** A program, and the lines that llvm-objdump 14 and newer make of it. */
function sample(): { readonly program: Buffer; readonly lines: readonly string[] } {
  const a = new BpfAssembler()
  const [end, again, inner] = [a.newLabel(), a.newLabel(), a.newLabel()]
  const lines: string[] = []
  const line = (text: string, emit: () => void): void => {
    emit()
    lines.push(text)
  }
  line('r6 = r1', () => a.mov('r6', 'r1'))
  line('r7 = -1', () => a.mov('r7', -1))
  line('w8 = w7', () => a.mov32('r8', 'r7'))
  line('w8 = 7', () => a.mov32('r8', 7))
  a.label(again)
  line('r1 += 16', () => a.alu('r1', '+=', 16))
  line('r1 -= r2', () => a.alu('r1', '-=', 'r2'))
  line('r1 *= 3', () => a.alu('r1', '*=', 3))
  line('r1 /= r3', () => a.alu('r1', '/=', 'r3'))
  line('r1 |= 1', () => a.alu('r1', '|=', 1))
  line('r1 &= 65535', () => a.alu('r1', '&=', 0xffff))
  line('r1 <<= 32', () => a.alu('r1', '<<=', 32))
  line('r1 >>= r4', () => a.alu('r1', '>>=', 'r4'))
  line('r1 ^= r1', () => a.alu('r1', '^=', 'r1'))
  line('r1 s>>= 32', () => a.alu('r1', 's>>=', 32))
  line('w1 &= w2', () => a.alu32('r1', '&=', 'r2'))
  line('r0 = *(u8 *)(r1 + 0)', () => a.load(1, 'r0', 'r1', 0))
  line('r0 = *(u16 *)(r1 + 2)', () => a.load(2, 'r0', 'r1', 2))
  line('r0 = *(u32 *)(r1 - 4)', () => a.load(4, 'r0', 'r1', -4))
  line('r0 = *(u64 *)(r1 + 8)', () => a.load(8, 'r0', 'r1', 8))
  line('*(u8 *)(r10 - 1) = r0', () => a.store(1, 'r10', -1, 'r0'))
  line('*(u64 *)(r10 - 16) = r9', () => a.store(8, 'r10', -16, 'r9'))
  line('lock *(u64 *)(r1 + 8) += r2', () => a.atomicAdd(8, 'r1', 8, 'r2'))
  line('if r0 == 0 goto END', () => a.jump('r0', '==', 0, end))
  line('if r0 != r1 goto END', () => a.jump('r0', '!=', 'r1', end))
  line('if r0 > 4095 goto AGAIN', () => a.jump('r0', '>', 4095, again))
  line('if r0 s< 0 goto AGAIN', () => a.jump('r0', 's<', 0, again))
  line('if w0 <= w1 goto AGAIN', () => a.jump32('r0', '<=', 'r1', again))
  line('r1 = 81985529216486895 ll', () => a.number64('r1', 0x123456789abcdefn))
  line('r1 = 4294967295 ll', () => a.constant('r1', 0xffffffff))
  line('r1 = 5', () => a.constant('r1', 5))
  line('call 112', () => a.call(112))
  line('goto END', () => a.goto(end))
  line('call INNER', () => a.callFunction(inner))
  a.label(end)
  line('r0 = 0', () => a.mov('r0', 0))
  line('exit', () => a.exit())
  a.label(inner)
  line('r0 = 1', () => a.mov('r0', 1))
  line('exit', () => a.exit())
  return { program: a.build({}), lines }
}

/** A relocatable object whose only code is `program`. */
function object(program: Buffer): Buffer {
  const names = Buffer.from('\0.text\0.names\0')
  const header = Buffer.alloc(64)
  header.write('\x7fELF\x02\x01\x01', 'latin1')
  header.writeUInt16LE(1, 16) // ET_REL
  header.writeUInt16LE(247, 18) // EM_BPF
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(BigInt(64 + program.length + names.length), 40)
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(64, 58)
  header.writeUInt16LE(3, 60)
  header.writeUInt16LE(2, 62)
  const section = (name: number, type: number, flags: number, offset: number, size: number): Buffer => {
    const bytes = Buffer.alloc(64)
    bytes.writeUInt32LE(name, 0)
    bytes.writeUInt32LE(type, 4)
    bytes.writeBigUInt64LE(BigInt(flags), 8)
    bytes.writeBigUInt64LE(BigInt(offset), 24)
    bytes.writeBigUInt64LE(BigInt(size), 32)
    bytes.writeBigUInt64LE(8n, 48)
    return bytes
  }
  const text = section(1, 1, 6, 64, program.length)
  const strings = section(7, 3, 0, 64 + program.length, names.length)
  return Buffer.concat([header, program, names, Buffer.alloc(64), text, strings])
}

/** Numbers as people write them: newer versions print them in hexadecimal. */
const plain = (text: string): string =>
  text
    .replace(/\s*<[.A-Z][^<>]*>$/, '')
    .replace(/0x[0-9a-f]+/g, hex => String(BigInt(hex)))
    .replace(/\s+/g, ' ')
    .replace(/ \+ -/g, ' - ')
    .trim()

test('llvm-objdump reads what was written', t => {
  if (spawnSync('llvm-objdump', ['--version']).status !== 0) {
    t.skip('there is no llvm-objdump')
    return
  }
  const { program, lines } = sample()
  const folder = mkdtempSync(join(tmpdir(), 'sysglass-bpf-'))
  try {
    writeFileSync(join(folder, 'sample.o'), object(program))
    // v3 knows 32-bit comparisons.
    const { stdout } = spawnSync(
      'llvm-objdump',
      ['-d', '--no-show-raw-insn', '--mcpu=v3', join(folder, 'sample.o')],
      {
        encoding: 'utf8',
      },
    )
    const found = stdout
      .split('\n')
      .filter(text => /^\s+\d+:/.test(text))
      .map(text => plain(text.replace(/^\s+\d+:/, '')))
    assert.deepEqual(
      found.map(text => text.replace(/goto [+-]?\d+$/, 'goto').replace(/^call -?\d+$/, 'call')),
      lines.map(text => text.replace(/goto \w+$/, 'goto').replace(/^call \w+$/, 'call')),
    )
    // Distances, of which the disassembler is free in how it writes them.
    const distances = found.flatMap(text => /goto ([+-]?\d+)$/.exec(text)?.[1] ?? [])
    assert.deepEqual(distances.map(Number), [12, 11, -21, -22, -23, 1])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the bytes of a small program', () => {
  const a = new BpfAssembler()
  const end = a.newLabel()
  a.map('r1', 'ring')
  a.mapValue('r2', 'control', 64)
  a.jump('r1', '==', 0, end)
  a.call(14)
  a.label(end)
  a.exit()
  assert.equal(
    a.build({ ring: 7, control: 9 }).toString('hex'),
    [
      '1811000007000000',
      '0000000000000000', // r1 = map 7
      '1822000009000000',
      '0000000040000000', // r2 = value of map 9, at 64
      '1501010000000000', // if r1 == 0 goto +1
      '850000000e000000', // call 14
      '9500000000000000', // exit
    ].join(''),
  )
})

test('what cannot be encoded is refused', () => {
  const a = new BpfAssembler()
  assert.throws(() => a.mov('r0', 2 ** 31), /does not fit/)
  a.goto(a.newLabel())
  assert.throws(() => a.build({}), /nowhere/)
  const b = new BpfAssembler()
  b.map('r1', 'ring')
  assert.throws(() => b.build({}), /no map ring/)
  const c = new BpfAssembler()
  const far = c.newLabel()
  c.goto(far)
  for (let i = 0; i < 40_000; i++) c.mov('r0', 0)
  c.label(far)
  assert.throws(() => c.build({}), /40000 instructions/)
})
