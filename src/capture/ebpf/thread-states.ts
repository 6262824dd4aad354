/**
 * Where programs keep what they know of the threads that are traced. Each has a place by its number's low bits in `near`, an array, which costs
 * a few instructions to look at; `threads`, a hash of all numbers and several times as dear, has those that found their place taken.
 *
 * Who takes a place puts the place's own number into the hash first, which only one can: so two threads that begin at once on two CPUs never share one,
 * with no instruction that older kernels lack.
 */
import { bpf_map_update_elem_flags } from '../../abi/sets.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { Near, placeOf, ThreadState } from './capture-layout.ts'

/** On the stack of whoever keeps or forgets a thread: the number of its place. */
const placeKey = -88

/** `to`: the place of the thread whose id stands at r10 + `at`; r1: that id. */
function nearPlace(a: BpfAssembler, to: 'r0' | 'r3', at: number): void {
  a.load(4, 'r1', 'r10', at)
  a.mov('r2', 'r1')
  a.alu('r2', '&=', Near.places - 1)
  a.alu('r2', '*=', Near.bytes)
  a.mapValue(to, 'near', 0)
  a.alu(to, '+=', 'r2')
}

/** r0: the state of the thread whose id stands at r10 + `at`; goes to `none` when it is not traced. r6 to r9 stay. */
export function stateOfThread(a: BpfAssembler, at: number, none: Label): void {
  const [far, found] = a.newLabels(2)
  nearPlace(a, 'r0', at)
  a.load(4, 'r2', 'r0', Near.tid)
  a.jump('r2', '!=', 'r1', far)
  a.alu('r0', '+=', Near.state)
  a.goto(found)
  a.label(far)
  a.load(4, 'r2', 'r0', Near.crowded)
  a.jump('r2', '==', 0, none)
  threadKey(a, at)
  a.call(Helper.map_lookup_elem)
  a.jump('r0', '==', 0, none)
  a.label(found)
}

/** Has the thread whose id stands at r10 + `at` traced, as the state at r10 + `state` says. r6 to r9 stay. */
export function keepThread(a: BpfAssembler, at: number, state: number): void {
  const [write, full, done] = a.newLabels(3)
  nearPlace(a, 'r3', at)
  a.load(4, 'r2', 'r3', Near.tid)
  a.jump('r2', '==', 'r1', write)
  keyOfPlace(a, at)
  threadKey(a, placeKey)
  a.mov('r3', 'r10')
  a.alu('r3', '+=', state)
  a.mov('r4', bpf_map_update_elem_flags.values.BPF_NOEXIST)
  a.call(Helper.map_update_elem)
  a.jump('r0', '!=', 0, full)
  nearPlace(a, 'r3', at)
  a.label(write)
  for (let word = 0; word < ThreadState.bytes; word += 8) {
    a.load(8, 'r2', 'r10', state + word)
    a.store(8, 'r3', Near.state + word, 'r2')
  }
  a.store(4, 'r3', Near.tid, 'r1')
  a.goto(done)
  a.label(full)
  nearPlace(a, 'r3', at)
  a.store(4, 'r3', Near.crowded, 1)
  threadKey(a, at)
  a.mov('r3', 'r10')
  a.alu('r3', '+=', state)
  a.mov('r4', 0)
  a.call(Helper.map_update_elem)
  a.label(done)
}

/**
 * Has the thread whose id stands at r10 + `at` traced no longer. It may stand in both maps, when the reader met it just as its parent made
 * it. r6 to r9 stay.
 */
export function forgetThread(a: BpfAssembler, at: number): void {
  const [far, done] = a.newLabels(2)
  nearPlace(a, 'r3', at)
  a.load(4, 'r2', 'r3', Near.tid)
  a.jump('r2', '!=', 'r1', far)
  // A place that is free has no state: the reader gives one away by its thread's number alone.
  for (let word = 0; word < ThreadState.bytes; word += 8) a.store(8, 'r3', Near.state + word, 0)
  a.store(4, 'r3', Near.tid, 0)
  keyOfPlace(a, at)
  threadKey(a, placeKey)
  a.call(Helper.map_delete_elem)
  nearPlace(a, 'r3', at)
  a.label(far)
  a.load(4, 'r2', 'r3', Near.crowded)
  a.jump('r2', '==', 0, done)
  threadKey(a, at)
  a.call(Helper.map_delete_elem)
  a.label(done)
}

function keyOfPlace(a: BpfAssembler, at: number): void {
  a.load(4, 'r1', 'r10', at)
  a.alu('r1', '&=', Near.places - 1)
  a.alu('r1', '+=', placeOf(0))
  a.store(4, 'r10', placeKey, 'r1')
}

/** r1 and r2: `threads`, and the key in it that stands at r10 + `at`. */
function threadKey(a: BpfAssembler, at: number): void {
  a.map('r1', 'threads')
  a.mov('r2', 'r10')
  a.alu('r2', '+=', at)
}
