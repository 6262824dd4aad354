/** The programs that follow threads: their births, changes of program and name, signals and ends. */

import { clone_flags } from '../../abi/sets.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { archNames } from '../../record/layout.ts'
import { Signal } from '../ptrace/ptrace-constants.ts'
import { BpfAssembler, type Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { compatBit, type ProgramSetting } from './call-programs.ts'
import {
  callNumbers,
  Event,
  EventKind,
  eventBytes,
  Fork,
  kernelSiginfoBytes,
  ThreadFlag,
  ThreadState,
} from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import type { ProgramWithFunctions } from './program-btf.ts'
import { countLost, leave, map, wakeupFlags, writeHeader } from './program-parts.ts'
import { RingHold } from './ring-hold.ts'
import { forgetThread, keepThread, stateOfThread } from './thread-states.ts'

/** On x86 a new thread passes sys_exit with its parent's call, before it has made any. */
const returnsInChild = process.arch !== 'arm64'
const SIG_DFL = 0
/** TRACE_SIGNAL_IGNORED: what became of a signal that was sent. Before it stands that it was queued; behind, that it was not. */
const ignoredResult = 1

/** sched_process_fork: (parent, child). */
export function forkProgram(setting: ProgramSetting): ProgramWithFunctions {
  const { pid, tgid, comm, exitSignal } = setting.facts.task
  return program((a, out) => {
    a.load(8, 'r7', 'r6', 8)
    a.call(Helper.get_current_pid_tgid)
    a.mov('r8', 'r0')
    a.store(8, 'r10', -16, 'r8')
    stateOfThread(a, -16, out)
    cloneFlags(a, setting.facts)
    // No tracer that stops its tracees is told of such a one.
    a.load(8, 'r1', 'r10', flagsPlace)
    a.jump('r1', '&', clone_flags.values.CLONE_UNTRACED, out)
    innerNumber(a, setting.facts)
    a.load(4, 'r1', 'r7', pid)
    a.store(4, 'r10', -16, 'r1')
    newState(a, setting)
    reserve(a, setting, EventKind.fork, eventBytes.fork, out)
    a.load(4, 'r1', 'r7', pid)
    a.store(4, 'r6', Event.first, 'r1')
    a.load(4, 'r1', 'r7', tgid)
    a.store(4, 'r6', Event.second, 'r1')
    for (const half of [0, 8]) {
      a.load(8, 'r1', 'r7', comm + half)
      a.store(8, 'r6', Event.comm + half, 'r1')
    }
    a.load(8, 'r1', 'r10', flagsPlace)
    a.store(4, 'r6', Fork.flags, 'r1')
    a.load(4, 'r1', 'r7', exitSignal)
    a.store(4, 'r6', Fork.signal, 'r1')
    a.load(8, 'r1', 'r10', innerPlace)
    a.store(8, 'r6', Fork.innerTid, 'r1')
  }, setting)
}

/** On the stack, counted from r10. */
const flagsPlace = -40
const innerPlace = -48

/** Keeps the flags of the clone that the current thread is in: an argument of it, or at an address that is; fork and vfork have none. */
function cloneFlags(a: BpfAssembler, { registers, status }: KernelFacts): void {
  const [isCompat, haveFlags, none, isVfork] = a.newLabels(4)
  a.call(Helper.get_current_task_btf)
  a.mov('r9', 'r0')
  a.mov('r1', 'r0')
  a.call(Helper.task_pt_regs)
  if (status !== null && registers.compatArgs !== null) {
    a.load(4, 'r1', 'r9', status)
    a.jump('r1', '&', compatBit, isCompat)
  }
  a.load(4, 'r9', 'r0', registers.number)
  a.load(8, 'r3', 'r0', registers.args[0]!)
  a.label(haveFlags)
  a.store(8, 'r10', flagsPlace, 0)
  for (const arch of archNames) {
    const { fork, vfork } = syscallNumbers[arch] as { readonly fork?: number; readonly vfork?: number }
    // Of all numbers only those of such calls come here, so that those of other architectures do no harm.
    if (fork !== undefined) a.jump('r9', '==', fork, none)
    if (vfork !== undefined) a.jump('r9', '==', vfork, isVfork)
  }
  a.store(8, 'r10', flagsPlace, 'r3')
  a.jump('r9', '!=', syscallNumbers.amd64.clone3, none)
  a.mov('r1', 'r10')
  a.alu('r1', '+=', flagsPlace)
  a.mov('r2', 8)
  a.call(Helper.probe_read_user)
  a.goto(none)
  if (status !== null && registers.compatArgs !== null) {
    a.label(isCompat)
    a.load(4, 'r9', 'r0', registers.number)
    a.load(4, 'r3', 'r0', registers.compatArgs[0]!)
    a.goto(haveFlags)
  }
  a.label(isVfork)
  a.store(8, 'r10', flagsPlace, clone_flags.values.CLONE_VFORK)
  a.label(none)
}

/** Keeps the number that the new thread at r7 has in the innermost pid namespace; 0 where that is the first one. */
function innerNumber(a: BpfAssembler, { pidNumbers }: KernelFacts): void {
  const [home] = a.newLabels(1)
  a.store(8, 'r10', innerPlace, 0)
  a.load(8, 'r3', 'r7', pidNumbers.ofTask)
  a.load(4, 'r2', 'r3', pidNumbers.level)
  a.jump('r2', '==', 0, home)
  a.alu('r2', '*=', pidNumbers.bytes)
  a.alu('r3', '+=', pidNumbers.numbers)
  a.alu('r3', '+=', 'r2')
  a.mov('r1', 'r10')
  a.alu('r1', '+=', innerPlace)
  a.mov('r2', 4)
  a.call(Helper.probe_read_kernel)
  a.label(home)
}

/** sched_process_exec: (task, former thread id, binary). */
export function execProgram(setting: ProgramSetting): ProgramWithFunctions {
  return program((a, out) => {
    const same = a.newLabel()
    a.load(4, 'r7', 'r6', 8)
    a.store(8, 'r10', -16, 'r7')
    stateOfThread(a, -16, out)
    // Its memory is another's now: nothing of the enter can be read again.
    a.load(4, 'r1', 'r0', ThreadState.state)
    a.alu('r1', '&=', callNumbers | ThreadFlag.entered)
    a.store(4, 'r0', ThreadState.state, 'r1')
    for (let at = 0; at < ThreadState.bytes; at += 8) {
      a.load(8, 'r1', 'r0', at)
      a.store(8, 'r10', statePlace + at, 'r1')
    }
    a.call(Helper.get_current_pid_tgid)
    a.mov('r8', 'r0')
    // A thread that does not lead its process gets the leader's number, whose end has been told.
    a.mov32('r1', 'r8')
    a.jump('r1', '==', 'r7', same)
    forgetThread(a, -16)
    a.store(8, 'r10', -16, 'r8')
    keepThread(a, -16, statePlace)
    a.label(same)
    reserve(a, setting, EventKind.exec, eventBytes.task, out)
    a.store(4, 'r6', Event.first, 'r7')
    a.store(4, 'r6', Event.second, 0)
    currentComm(a)
  })
}

/** On the stack, counted from r10. */
const resultPlace = -24

/** sched_process_exit: (task). */
export function endProgram(setting: ProgramSetting): ProgramWithFunctions {
  return program((a, out) => {
    a.load(8, 'r9', 'r6', 0)
    a.call(Helper.get_current_pid_tgid)
    a.mov('r8', 'r0')
    a.store(8, 'r10', -16, 'r8')
    stateOfThread(a, -16, out)
    forgetThread(a, -16)
    a.call(Helper.get_current_task_btf)
    a.mov('r1', 'r0')
    a.call(Helper.task_pt_regs)
    a.load(8, 'r1', 'r0', setting.facts.registers.result)
    a.store(8, 'r10', resultPlace, 'r1')
    reserve(a, setting, EventKind.exit, eventBytes.task, out)
    a.load(4, 'r1', 'r9', setting.facts.task.exitCode)
    a.store(4, 'r6', Event.first, 'r1')
    a.store(4, 'r6', Event.second, 0)
    a.load(8, 'r1', 'r10', resultPlace)
    a.store(8, 'r6', Event.result, 'r1')
    a.store(8, 'r6', Event.result + 8, 0)
  })
}

/** signal_deliver: (signal, kernel_siginfo, k_sigaction). */
export function signalProgram(setting: ProgramSetting): ProgramWithFunctions {
  const { facts } = setting
  return program((a, out) => {
    const handled = a.newLabel()
    a.load(4, 'r7', 'r6', 0)
    // No tracer sees this one before its end does.
    a.jump('r7', '==', Signal.SIGKILL, out)
    a.load(8, 'r9', 'r6', 8)
    a.load(8, 'r1', 'r6', 16)
    a.load(8, 'r0', 'r1', facts.handler)
    a.store(8, 'r10', -24, 0)
    a.jump('r0', '!=', SIG_DFL, handled)
    a.store(8, 'r10', -24, 1)
    a.label(handled)
    a.call(Helper.get_current_pid_tgid)
    a.mov('r8', 'r0')
    a.store(8, 'r10', -16, 'r8')
    stateOfThread(a, -16, out)
    a.call(Helper.get_current_task_btf)
    a.mov('r1', 'r0')
    a.call(Helper.task_pt_regs)
    a.load(8, 'r0', 'r0', facts.registers.ip)
    a.store(8, 'r10', -32, 'r0')
    reserve(a, setting, EventKind.signal, eventBytes.signal, out)
    a.load(8, 'r0', 'r10', -32)
    a.store(8, 'r6', Event.ip, 'r0')
    a.load(8, 'r0', 'r10', -24)
    a.store(4, 'r6', Event.second, 'r0')
    signalInfo(a)
  }, setting)
}

/** signal_generate: (signal, kernel_siginfo, task, whole process, result). Of signals that are ignored, or end their process, nobody else tells. */
export function sentProgram(setting: ProgramSetting): ProgramWithFunctions {
  const { pid, tgid } = setting.facts.task
  return program((a, out) => {
    a.load(4, 'r0', 'r6', 32)
    a.jump('r0', '>', ignoredResult, out)
    a.store(8, 'r10', -24, 'r0')
    a.load(4, 'r7', 'r6', 0)
    // No tracer sees this one before its end does.
    a.jump('r7', '==', Signal.SIGKILL, out)
    a.load(8, 'r9', 'r6', 8)
    a.load(8, 'r1', 'r6', 16)
    a.load(4, 'r8', 'r1', tgid)
    a.alu('r8', '<<=', 32)
    a.load(4, 'r0', 'r1', pid)
    a.alu('r8', '|=', 'r0')
    a.store(8, 'r10', -16, 'r8')
    stateOfThread(a, -16, out)
    reserve(a, setting, EventKind.sent, eventBytes.signal, out)
    a.store(8, 'r6', Event.ip, 0)
    a.load(8, 'r0', 'r10', -24)
    a.store(4, 'r6', Event.second, 'r0')
    signalInfo(a)
  })
}

/** task_rename: (task, new name). The task has the old one still. */
export function renameProgram(setting: ProgramSetting): ProgramWithFunctions {
  return program((a, out) => {
    a.load(8, 'r7', 'r6', 0)
    a.load(8, 'r9', 'r6', 8)
    a.load(4, 'r8', 'r7', setting.facts.task.tgid)
    a.alu('r8', '<<=', 32)
    a.load(4, 'r0', 'r7', setting.facts.task.pid)
    a.alu('r8', '|=', 'r0')
    a.store(8, 'r10', -16, 'r8')
    stateOfThread(a, -16, out)
    reserve(a, setting, EventKind.comm, eventBytes.task, out)
    a.store(8, 'r6', Event.first, 0)
    a.mov('r1', 'r6')
    a.alu('r1', '+=', Event.comm)
    a.mov('r2', 16)
    a.mov('r3', 'r9')
    a.call(Helper.probe_read_kernel)
  })
}

/**
 * A program with its context in r6, whose `body` leaves an event at r6 to be handed over, or goes to `out`.
 *
 * @param held where the thread that the event is of is the current one, and is to be held when the ring has little room
 */
function program(
  body: (a: BpfAssembler, out: Label) => void,
  held: ProgramSetting | null = null,
): ProgramWithFunctions {
  const a = new BpfAssembler()
  const hold = held === null ? null : new RingHold(a, held)
  const out = a.newLabel()
  a.mov('r6', 'r1')
  body(a, out)
  wakeupFlags(a, 'r2')
  a.mov('r1', 'r6')
  a.call(Helper.ringbuf_submit)
  hold?.checkAlone()
  a.label(out)
  leave(a)
  return { program: a, functions: hold?.emit() ?? [] }
}

/** r6: room for an event about the thread whose ids are in r8, with its header written. */
function reserve(a: BpfAssembler, { cpus }: ProgramSetting, kind: number, bytes: number, out: Label): void {
  const got = a.newLabel()
  map(a, 'r1', 'ring')
  a.mov('r2', bytes)
  a.mov('r3', 0)
  a.call(Helper.ringbuf_reserve)
  a.jump('r0', '!=', 0, got)
  countLost(a, cpus, 'events')
  a.goto(out)
  a.label(got)
  a.mov('r6', 'r0')
  writeHeader(a, kind)
}

/** On the stack, counted from r10: what is kept of a thread. */
const statePlace = -32

/**
 * Has the thread whose id stands at r10 - 16 traced, which has made no call yet: the one whose number is in r9 made it. Its return from that is a
 * success: where those are left out nobody would see it, and its first own call of that number would be taken for it.
 */
function newState(a: BpfAssembler, { outcomes }: ProgramSetting): void {
  a.store(8, 'r10', statePlace, 0)
  if (returnsInChild && outcomes.successful) {
    a.store(4, 'r10', statePlace + ThreadState.call, 'r9')
    a.store(4, 'r10', statePlace + ThreadState.state, ThreadFlag.newborn)
  }
  a.store(8, 'r10', statePlace + ThreadState.ran, 0)
  keepThread(a, -16, statePlace)
}

function currentComm(a: BpfAssembler): void {
  a.mov('r1', 'r6')
  a.alu('r1', '+=', Event.comm)
  a.mov('r2', 16)
  a.call(Helper.get_current_comm)
}

/** The signal in r7 and its information at r9, where the kernel gives small numbers for some that have none. */
function signalInfo(a: BpfAssembler): void {
  a.store(4, 'r6', Event.first, 'r7')
  a.mov('r1', 'r6')
  a.alu('r1', '+=', Event.siginfo)
  a.mov('r2', kernelSiginfoBytes)
  a.mov('r3', 'r9')
  a.call(Helper.probe_read_kernel)
}
