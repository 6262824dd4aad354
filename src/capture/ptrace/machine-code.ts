/**
 * The few instructions that the launcher and the doorbell are made of: system calls with constant arguments,
 * an end when one failed, a loop. One writer for each machine.
 */
import { syscallNumbers } from '../../abi/syscalls.ts'

export type Machine = 'amd64' | 'arm64'
type CallName = keyof typeof syscallNumbers.amd64 & keyof typeof syscallNumbers.arm64

/** The machine that this process runs on, if the launcher can be made for it. */
export const thisMachine = (): Machine | undefined =>
  process.arch === 'x64' ? 'amd64' : process.arch === 'arm64' ? 'arm64' : undefined

export interface CodeWriter {
  readonly code: number[]
  /** A system call with constant arguments (below 2^32). */
  call(name: CallName, ...args: number[]): void
  /** A system call whose first argument is the result of the one before. */
  callOnResult(name: CallName, ...rest: number[]): void
  /** execve(argv[0], argv + 1, envp), of the vectors that the program itself was started with. */
  execveFromStack(): void
  /** Ends the process, with errno as its exit code, when the last call failed. */
  exitOnError(): void
  /** Ends the process, with 1, when the last call's result is another than `value`. */
  exitUnless(value: number): void
  /** Sleeps until a signal ends it. */
  sleepForever(): void
}

export const codeWriter = (machine: Machine): CodeWriter => (machine === 'amd64' ? new Amd64() : new Arm64())

const low16 = (n: number) => n & 0xffff
const high16 = (n: number) => n >>> 16
const bytes32 = (n: number) => [n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, n >>> 24]

class Amd64 implements CodeWriter {
  readonly code: number[] = []

  call(name: CallName, ...args: number[]): void {
    this.#load(args, 0)
    this.#enter(name)
  }

  callOnResult(name: CallName, ...rest: number[]): void {
    this.code.push(0x48, 0x89, 0xc7) // mov rdi, rax
    this.#load(rest, 1)
    this.#enter(name)
  }

  execveFromStack(): void {
    this.code.push(0x48, 0x8b, 0x7c, 0x24, 8) // mov rdi, [rsp + 8]: above argc
    this.code.push(0x48, 0x8d, 0x74, 0x24, 16) // lea rsi, [rsp + 16]
    this.code.push(0x48, 0x8b, 0x0c, 0x24) // mov rcx, [rsp]: argc
    this.code.push(0x48, 0x8d, 0x54, 0xcc, 16) // lea rdx, [rsp + rcx * 8 + 16]: behind argv's NULL
    this.#enter('execve')
  }

  exitOnError(): void {
    const exit = new Amd64()
    exit.code.push(0xf7, 0xd8, 0x89, 0xc7) // neg eax; mov edi, eax
    exit.#enter('exit_group')
    this.code.push(0x48, 0x85, 0xc0, 0x79, exit.code.length, ...exit.code) // test rax, rax; jns past it
  }

  exitUnless(value: number): void {
    const exit = new Amd64()
    exit.call('exit_group', 1)
    this.code.push(0x3d, ...bytes32(value), 0x74, exit.code.length, ...exit.code) // cmp eax, value; je past it
  }

  sleepForever(): void {
    const start = this.code.length
    this.call('ppoll', 0, 0, 0, 0)
    this.code.push(0xeb, (start - this.code.length - 2) & 0xff) // jmp start
  }

  #load(args: readonly number[], first: number): void {
    // mov r32, imm32 for rdi, rsi, rdx, r10, r8, r9; the upper half becomes zero.
    const moves = [[0xbf], [0xbe], [0xba], [0x41, 0xba], [0x41, 0xb8], [0x41, 0xb9]]
    args.forEach((value, i) => {
      this.code.push(...moves[first + i]!, ...bytes32(value))
    })
  }

  #enter(name: CallName): void {
    this.code.push(0xb8, ...bytes32(syscallNumbers.amd64[name]), 0x0f, 0x05) // mov eax, number; syscall
  }
}

class Arm64 implements CodeWriter {
  readonly code: number[] = []

  call(name: CallName, ...args: number[]): void {
    args.forEach((value, i) => {
      this.#load(i, value)
    })
    this.#enter(name)
  }

  callOnResult(name: CallName, ...rest: number[]): void {
    // The result stands in x0, where the first argument goes.
    rest.forEach((value, i) => {
      this.#load(i + 1, value)
    })
    this.#enter(name)
  }

  execveFromStack(): void {
    this.#emit(0xf94003e9) // ldr x9, [sp]: argc
    this.#emit(0xf94007e0) // ldr x0, [sp, #8]
    this.#emit(0x910043e1) // add x1, sp, #16
    this.#emit(0x8b090c22) // add x2, x1, x9, lsl #3: behind argv's NULL
    this.#enter('execve')
  }

  exitOnError(): void {
    this.#emit(0xb6f80080) // tbz x0, #63, 16 bytes on
    this.#emit(0x4b0003e0) // neg w0, w0
    this.#enter('exit_group')
  }

  exitUnless(value: number): void {
    this.#load(9, value)
    this.#emit(0x6b09001f) // cmp w0, w9
    this.#emit(0x54000080) // b.eq 16 bytes on
    this.call('exit_group', 1)
  }

  sleepForever(): void {
    const start = this.code.length
    this.call('ppoll', 0, 0, 0, 0)
    this.#emit(0x14000000 | (((start - this.code.length) / 4) & 0x3ffffff)) // b start
  }

  #load(register: number, value: number): void {
    this.#emit(0xd2800000 | (low16(value) << 5) | register) // movz
    if (high16(value) !== 0) this.#emit(0xf2a00000 | (high16(value) << 5) | register) // movk, lsl #16
  }

  #enter(name: CallName): void {
    this.#load(8, syscallNumbers.arm64[name])
    this.#emit(0xd4000001) // svc #0
  }

  #emit(instruction: number): void {
    this.code.push(...bytes32(instruction))
  }
}
