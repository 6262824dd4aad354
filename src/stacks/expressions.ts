/** DWARF expressions (DWARF 5, section 2.5) as frame rules use them. Values are bigints of 64 bits. */
import { ByteReader } from './byte-reader.ts'

export interface ExpressionContext {
  /** A register's value; undefined when it is not known. */
  register(number: number): number | undefined
  /** `bytes` bytes of memory, little-endian; undefined when they are not known. */
  read(address: number, bytes: number): number | undefined
}

const maxSteps = 1000
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const i64 = (value: bigint): bigint => BigInt.asIntN(64, value)

/** The value that an expression computes, with `initial` on its stack; undefined when it hangs on something unknown. Throws RangeError on what is malformed. */
export function evaluate(
  code: ByteReader,
  context: ExpressionContext,
  initial: number | null,
): number | undefined {
  const program = new ByteReader(code.view, code.at, code.end)
  const start = program.at
  const stack: bigint[] = initial === null ? [] : [BigInt(initial)]
  const pop = (): bigint => {
    const value = stack.pop()
    if (value === undefined) throw new RangeError('an expression takes more than it has')
    return value
  }
  const push = (value: bigint | number): void => {
    if (stack.length >= 100) throw new RangeError('an expression without an end')
    stack.push(u64(BigInt(value)))
  }
  const binary = (compute: (a: bigint, b: bigint) => bigint): void => {
    const b = pop()
    push(compute(pop(), b))
  }
  const truth = (value: boolean): bigint => (value ? 1n : 0n)
  const compare = (test: (a: bigint, b: bigint) => boolean): void =>
    binary((a, b) => truth(test(i64(a), i64(b))))

  for (let steps = 0; program.more; steps++) {
    if (steps > maxSteps) throw new RangeError('an expression without an end')
    const op = program.u8()
    if (op >= 0x30 && op <= 0x4f) push(op - 0x30)
    else if (op >= 0x70 && op <= 0x8f) {
      const value = context.register(op - 0x70)
      if (value === undefined) return undefined
      push(BigInt(value) + BigInt(program.sleb()))
    } else if (op >= 0x50 && op <= 0x6f) {
      const value = context.register(op - 0x50)
      if (value === undefined) return undefined
      push(value)
    } else
      switch (op) {
        case 0x03: // addr
        case 0x0e: // const8u
          push(program.u64())
          break
        case 0x06: // deref
        case 0x94: {
          // deref_size
          const bytes = op === 0x06 ? 8 : program.u8()
          const value = context.read(Number(pop()), bytes)
          if (value === undefined) return undefined
          push(value)
          break
        }
        case 0x08:
          push(program.u8())
          break
        case 0x09:
          push(program.i8())
          break
        case 0x0a:
          push(program.u16())
          break
        case 0x0b:
          push(program.i16())
          break
        case 0x0c:
          push(program.u32())
          break
        case 0x0d:
          push(program.i32())
          break
        case 0x0f:
          push(program.i64())
          break
        case 0x10:
          push(program.uleb())
          break
        case 0x11:
          push(program.sleb())
          break
        case 0x12: {
          // dup
          const value = pop()
          push(value)
          push(value)
          break
        }
        case 0x13: // drop
          pop()
          break
        case 0x14: // over
        case 0x15: {
          // pick
          const value = stack[stack.length - 1 - (op === 0x14 ? 1 : program.u8())]
          if (value === undefined) throw new RangeError('an expression takes more than it has')
          push(value)
          break
        }
        case 0x16: {
          // swap
          const [b, a] = [pop(), pop()]
          push(b)
          push(a)
          break
        }
        case 0x1a:
          binary((a, b) => a & b)
          break
        case 0x1c:
          binary((a, b) => a - b)
          break
        case 0x1e:
          binary((a, b) => a * b)
          break
        case 0x1f: // neg
          push(-pop())
          break
        case 0x20: // not
          push(~pop())
          break
        case 0x21:
          binary((a, b) => a | b)
          break
        case 0x22:
          binary((a, b) => a + b)
          break
        case 0x23: // plus_uconst
          push(pop() + BigInt(program.uleb()))
          break
        case 0x24:
          binary((a, b) => (b > 63n ? 0n : a << b))
          break
        case 0x25:
          binary((a, b) => (b > 63n ? 0n : a >> b))
          break
        case 0x26:
          binary((a, b) => i64(a) >> (b > 63n ? 63n : b))
          break
        case 0x27:
          binary((a, b) => a ^ b)
          break
        case 0x28: // bra
        case 0x2f: {
          // skip
          const by = program.i16()
          if (op === 0x2f || pop() !== 0n) {
            const to = program.at + by
            if (to < start || to > program.end) throw new RangeError('an expression jumps out of itself')
            program.at = to
          }
          break
        }
        case 0x29:
          compare((a, b) => a === b)
          break
        case 0x2a:
          compare((a, b) => a >= b)
          break
        case 0x2b:
          compare((a, b) => a > b)
          break
        case 0x2c:
          compare((a, b) => a <= b)
          break
        case 0x2d:
          compare((a, b) => a < b)
          break
        case 0x2e:
          compare((a, b) => a !== b)
          break
        case 0x96: // nop
          break
        default:
          throw new RangeError(`no operator ${op} in expressions`)
      }
  }
  return Number(pop())
}
