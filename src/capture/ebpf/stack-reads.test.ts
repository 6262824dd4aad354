/**
 * Programs read no byte of their stack that some way to there has not written. The verifier of Linux 6.3 and later lets them; those before
 * refuse the program. So this looks by itself, at the programs of every call and with all that can be noted.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOfTable } from '../plans/table-plans.ts'
import { everything } from '../ptrace/test-capture.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { type KernelFacts, readKernelFacts } from './kernel-facts.ts'
import { noFeatures } from './kernel-features.ts'
import { assemblePlans, wantedPlans } from './plan-assembly.ts'
import type { NoteSetting } from './plan-setting.ts'
import { functionInfoBytes } from './program-btf.ts'

const facts = readKernelFacts(true)
const stackBytes = 512
const Class = { ldx: 1, st: 2, stx: 3, jmp: 5, jmp32: 6 }
const frame = 10

/** Reads of stack that is not written on each way, in the function at `entry`: `instruction: offset`. */
function unwritten(code: Buffer, entry: number): string[] {
  /** For each instruction the bytes that are written whenever it is reached, as bits counted from the stack's lowest. */
  const written = new Map<number, bigint>([[entry, 0n]])
  const toDo = [entry]
  const reach = (at: number, bytes: bigint): void => {
    const before = written.get(at)
    const now = before === undefined ? bytes : before & bytes
    if (now === before) return
    written.set(at, now)
    toDo.push(at)
  }
  const reads = new Map<number, bigint>()
  for (let at = toDo.pop(); at !== undefined; at = toDo.pop()) {
    let bytes = written.get(at)!
    const op = code[at * 8]!
    const [kind, to, from] = [op & 7, code[at * 8 + 1]! & 15, code[at * 8 + 1]! >> 4]
    const offset = code.readInt16LE(at * 8 + 2)
    const width = [4, 2, 1, 8][(op >> 3) & 3]!
    const place = ((1n << BigInt(width)) - 1n) << BigInt(Math.max(0, stackBytes + offset))
    if ((kind === Class.st || kind === Class.stx) && to === frame) bytes |= place
    if (kind === Class.ldx && from === frame) reads.set(at, place)
    if (kind !== Class.jmp && kind !== Class.jmp32) {
      // A number of 64 bits takes two.
      reach(at + (op === 0x18 ? 2 : 1), bytes)
      continue
    }
    const action = op >> 4
    if (action === 9) continue
    if (action !== 0) reach(at + 1, bytes)
    if (action !== 8) reach(at + 1 + offset, bytes)
  }
  return [...reads]
    .filter(([at, place]) => (written.get(at)! & place) !== place)
    .map(([at]) => `${at}: ${code.readInt16LE(at * 8 + 2)}`)
}

test('a read that one of two ways has not written is found', () => {
  const a = new BpfAssembler()
  const [other] = a.newLabels(1)
  a.store(4, 'r10', -8, 0)
  a.jump('r1', '==', 0, other)
  a.store(4, 'r10', -4, 0)
  a.load(8, 'r0', 'r10', -8)
  a.label(other)
  a.load(4, 'r0', 'r10', -8)
  a.load(8, 'r0', 'r10', -8)
  a.exit()
  assert.deepEqual(unwritten(a.build({}), 0), ['5: -8'])
})

test('programs read the stack that they have written', {
  skip: typeof facts === 'string' ? facts : false,
}, () => {
  const { notes: places, sockets } = facts as KernelFacts
  assert.ok(places)
  const notes: NoteSetting = { places, descriptors: true, sockets: true, pidfds: true, pids: true }
  const setting = { ...everything, cpus: 2, word: 8, sockets, notes, cast: null, ...noFeatures } as const
  const wanted = wantedPlans({ ...everything, fdPaths: true }, notes, planOfTable, 'amd64')
  const found: string[] = []
  for (const isEnter of [true, false])
    for (const group of wanted.groups(isEnter)) {
      const {
        name,
        code,
        functions = Buffer.alloc(functionInfoBytes),
      } = assemblePlans(group, isEnter, setting)
      for (let at = 0; at < functions.length; at += functionInfoBytes)
        found.push(...unwritten(code, functions.readUInt32LE(at)).map(read => `${name}, ${read}`))
    }
  assert.deepEqual(found, [])
})
