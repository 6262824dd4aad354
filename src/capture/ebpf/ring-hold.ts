/**
 * Programs hold the thread that is about to fill the ring, so that nothing is lost whatever becomes of the reader: it may wait long for a CPU, or
 * stand still.
 *
 * No program can put its own thread to sleep: a signal would be seen; freezers and shares of the CPU are files, which programs cannot write; a seccomp filter that
 * asks somebody would have to be the traced program's own; and a copy of memory that somebody is to provide first (userfaultfd) fails where it might wait. What
 * a program can do (Linux 6.18) is to have its thread run a function before it goes back to the traced program: that looks whether there is room, and has
 * itself run again if not. In between the kernel lets others have the CPU. So a thread that is held uses up the CPU time that it would have had anyway, until there is
 * room or the reader has seized it (brake.ts). It can be killed, and it goes on once the reader is gone: then nobody has the map any more, and the kernel declines.
 *
 * On older kernels programs take their time over each call, which keeps a thread from filling the ring for some seconds, not for ever.
 */
import { libc } from '../../libc/libc.ts'
import { Signal } from '../ptrace/ptrace-constants.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper, RingQuery } from './bpf-constants.ts'
import { createMap, loadBtf } from './bpf-syscall.ts'
import type { ProgramSetting } from './call-programs.ts'
import { Control, inScratch, Scratch, Waits } from './capture-layout.ts'
import { mapBtf, mapTypes, type ProgramFunction } from './program-btf.ts'
import { leave, map } from './program-parts.ts'

export type HoldSetting = Pick<ProgramSetting, 'facts' | 'features' | 'holds'>

/** Bytes that a CPU hands over between two looks at the ring, which take as long as ten of a program's other steps. */
const lookAfter = 1 << 14
/** Looks at the ring before the thread is asked for again: some microseconds. */
const looks = 256
/** Bits of jobctl, which the kernel has for itself: a stop that was asked for, a tracer's trap or its news, the freezer. */
const hasJob = (1 << 17) | (1 << 19) | (1 << 20) | (1 << 23)
/** On the stack: which value of `waits` is meant; turns of a loop. */
const valuePlace = -4
const turnPlace = -104
/** Copies of the beginning of the scratch memory onto itself, without a function to be called: half a millisecond or so. */
const pauseTurns = 128
const pauseBytes = 1 << 16

/** Makes the map in which threads wait. Throws BpfError. */
export function createWaits(): number {
  const types = loadBtf(mapBtf('bpf_task_work'))
  try {
    return createMap('waits', {
      type: 'BPF_MAP_TYPE_ARRAY',
      keyBytes: 4,
      valueBytes: Waits.bytes,
      entries: Waits.values,
      btf: { fd: types, ...mapTypes },
    })
  } finally {
    libc.close(types)
  }
}

/** What holds threads, in one program. */
export class RingHold {
  readonly #a: BpfAssembler
  readonly #setting: HoldSetting
  readonly #hold: Label
  readonly #wait: Label
  readonly #look: Label
  #isUsed = false

  constructor(a: BpfAssembler, setting: HoldSetting) {
    this.#a = a
    this.#setting = setting
    ;[this.#hold, this.#wait, this.#look] = a.newLabels(3)
  }

  /** Has the current thread, a traced one, held before it goes on, when the ring has little room left. r6: a record in scratch memory. r6 to r9 stay. */
  check(): void {
    const { holds, features } = this.#setting
    if (!holds) return
    const a = this.#a
    const [room, out] = a.newLabels(2)
    a.load(8, 'r0', 'r6', inScratch(Scratch.unlooked))
    a.jump('r0', '<', lookAfter, out)
    unlessFull(a, room)
    if (features.waits) this.#callHold()
    else pause(a)
    a.goto(out)
    a.label(room)
    a.store(8, 'r6', inScratch(Scratch.unlooked), 0)
    a.label(out)
  }

  /** The same where there is no record, which is seldom. Without one nothing is done on older kernels. */
  checkAlone(): void {
    const { holds, features } = this.#setting
    if (!holds || !features.waits) return
    const room = this.#a.newLabel()
    unlessFull(this.#a, room)
    this.#callHold()
    this.#a.label(room)
  }

  #callHold(): void {
    this.#isUsed = true
    this.#a.callFunction(this.#hold)
  }

  /** Puts down the functions that are called; what the kernel wants to know of them. `hold` is one that the verifier walks through once, not at every call. */
  emit(): ProgramFunction[] {
    if (!this.#isUsed) return []
    const a = this.#a
    a.label(this.#hold)
    this.#holdFunction()
    a.label(this.#wait)
    this.#waitFunction()
    a.label(this.#look)
    lookFunction(a)
    return [
      { name: 'hold', label: this.#hold, parameters: 0, isStatic: false },
      { name: 'wait', label: this.#wait, parameters: 3, isStatic: true },
      { name: 'look', label: this.#look, parameters: 2, isStatic: true },
    ]
  }

  #holdFunction(): void {
    const a = this.#a
    const done = a.newLabel()
    this.#askAtPlaces(done)
    a.label(done)
    leave(a)
  }

  /** (map, key, value), in the thread itself, which has nothing else to do in the kernel. */
  #waitFunction(): void {
    const { facts } = this.#setting
    const a = this.#a
    const out = a.newLabel()
    a.load(4, 'r1', 'r2', 0)
    a.alu('r1', '^=', 1)
    a.store(4, 'r10', valuePlace, 'r1')
    a.call(Helper.get_current_task_btf)
    // Who is to end, or to stop, does so first.
    a.load(8, 'r1', 'r0', facts.task.pending)
    a.jump('r1', '&', 1 << (Signal.SIGKILL - 1), out)
    a.load(8, 'r1', 'r0', facts.task.jobs)
    a.jump('r1', '&', hasJob, out)
    a.mov('r1', looks)
    a.functionAddress('r2', this.#look)
    a.mov('r3', 0)
    a.mov('r4', 0)
    a.call(Helper.loop)
    unlessFull(a, out)
    this.#ask(out)
    // Somebody else waits there. To call `hold` would do, but for the verifier, which takes that for a loop without an end.
    this.#askAtPlaces(out)
    a.label(out)
    leave(a)
  }

  /** `ask`, at either place of the current thread: the other may be one that it has in common with a thread that waits. */
  #askAtPlaces(done: Label): void {
    const a = this.#a
    a.call(Helper.get_current_pid_tgid)
    a.mov32('r6', 'r0')
    for (const place of [0, 1]) {
      a.mov('r1', 'r6')
      a.alu('r1', '>>=', place * Math.log2(Waits.places))
      a.alu('r1', '&=', Waits.places - 1)
      a.alu('r1', '<<=', 1)
      a.alu('r1', '+=', place * 2 * Waits.places)
      a.store(4, 'r10', valuePlace, 'r1')
      this.#ask(done)
    }
  }

  /** Goes to `done` when the kernel will call `wait` for the value at r10 + valuePlace. */
  #ask(done: Label): void {
    const a = this.#a
    const none = a.newLabel()
    a.map('r1', 'waits')
    a.mov('r2', 'r10')
    a.alu('r2', '+=', valuePlace)
    a.call(Helper.map_lookup_elem)
    a.jump('r0', '==', 0, none)
    a.mov('r7', 'r0')
    a.call(Helper.get_current_task_btf)
    a.mov('r1', 'r0')
    a.mov('r2', 'r7')
    a.map('r3', 'waits')
    a.functionAddress('r4', this.#wait)
    a.mov('r5', 0)
    a.callKernel(this.#setting.facts.taskWork!)
    a.jump32('r0', '==', 0, done)
    a.label(none)
  }
}

/** Goes to `room` unless the ring is so full that threads are held. */
function unlessFull(a: BpfAssembler, room: Label): void {
  map(a, 'r1', 'ring')
  a.mov('r2', RingQuery.BPF_RB_AVAIL_DATA)
  a.call(Helper.ringbuf_query)
  a.mapValue('r1', 'control', Control.holdAbove)
  a.load(8, 'r1', 'r1', 0)
  a.jump('r0', '<=', 'r1', room)
}

/** (turn, nothing): whether that is enough. */
function lookFunction(a: BpfAssembler): void {
  const room = a.newLabel()
  unlessFull(a, room)
  leave(a)
  a.label(room)
  a.mov('r0', 1)
  a.exit()
}

/** No other thread has this CPU meanwhile: so it must not be long. */
function pause(a: BpfAssembler): void {
  const again = a.newLabel()
  a.store(8, 'r10', turnPlace, 0)
  a.label(again)
  a.mov('r1', 'r6')
  a.mov('r2', pauseBytes)
  a.mov('r3', 'r6')
  a.call(Helper.probe_read_kernel)
  a.load(8, 'r1', 'r10', turnPlace)
  a.alu('r1', '+=', 1)
  a.store(8, 'r10', turnPlace, 'r1')
  a.jump('r1', '<', pauseTurns, again)
}
