/** What a wait status says. */
import { Event, Signal } from './ptrace-constants.ts'

export const hasExited = (status: number): boolean => (status & 0x7f) === 0
export const wasKilled = (status: number): boolean => (status & 0x7f) !== 0 && (status & 0xff) !== 0x7f
export const exitCode = (status: number): number => (status >> 8) & 0xff
export const killSignal = (status: number): number => status & 0x7f
export const dumpedCore = (status: number): boolean => (status & 0x80) !== 0

/** The signal of a stop; at a system call's stop it is `syscallStop`. */
export const stopSignal = (status: number): number => (status >> 8) & 0xff
/** The ptrace event of a stop, 0 for none. */
export const stopEvent = (status: number): number => status >> 16

/** SIGTRAP with the bit that PTRACE_O_TRACESYSGOOD sets. */
export const syscallStop: number = Signal.SIGTRAP | 0x80

/** PTRACE_EVENT_STOP has two meanings: with a stopping signal the whole group is stopped, with SIGTRAP only this tracee is. */
export const isGroupStop = (signal: number, event: number): boolean =>
  event === Event.STOP &&
  (signal === Signal.SIGSTOP ||
    signal === Signal.SIGTSTP ||
    signal === Signal.SIGTTIN ||
    signal === Signal.SIGTTOU)
