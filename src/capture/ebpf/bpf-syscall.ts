/** bpf(2): maps, programs and where they are attached. Everything lives as long as its descriptor, so nothing outlives us. */
import { constants } from 'node:os'
import { layouts } from '../../abi/layouts.ts'
import {
  bpf_attach_type,
  bpf_commands,
  bpf_map_flags,
  bpf_map_types,
  bpf_map_update_elem_flags,
  bpf_prog_types,
} from '../../abi/sets.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import { loadKoffi } from '../../libc/load-koffi.ts'
import { NativeMemory } from '../../libc/native-memory.ts'

const koffi = loadKoffi()
const lib = koffi.load(null)
const mmap = lib.func(
  'uint64_t mmap(uint64_t address, size_t length, int protection, int flags, int fd, long offset)',
) as unknown as (
  address: number,
  length: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
) => number | bigint
const munmap = lib.func('int munmap(uint64_t address, size_t length)') as unknown as (
  address: number,
  length: number,
) => number

const number = (process.arch === 'arm64' ? syscallNumbers.arm64 : syscallNumbers.amd64).bpf
const Command = bpf_commands.values
const attrBytes = layouts.bpf_attr.size

/** bpf(2) refused. `log` is what the verifier said, if it was its doing. */
export class BpfError extends Error {
  readonly errno: number
  readonly log: string

  constructor(what: string, errno: number, log = '') {
    super(what)
    this.errno = errno
    this.log = log
  }
}

type AttrField = keyof typeof layouts.bpf_attr.fields

/** What the kernel reads and writes just now: nothing else keeps memory whose mere address is passed on. */
const inUse: NativeMemory[] = []

type AttrFields = { readonly [field in AttrField]?: number | string }

/** Calls bpf(2) with these fields of its attr, which point into `used`; negative: -errno. */
function bpf(command: number, fields: AttrFields, ...used: readonly NativeMemory[]): number {
  const memory = attr(fields)
  inUse.push(memory, ...used)
  const got = libc.syscall(number, command, memory.address, attrBytes, 0)
  const result = got < 0 ? -libc.errno() : got
  inUse.length = 0
  return result
}

function attr(fields: AttrFields): NativeMemory {
  const memory = new NativeMemory(attrBytes + 16)
  for (const [name, value] of Object.entries(fields)) {
    const { offset, size } = layouts.bpf_attr.fields[name as AttrField]
    if (typeof value === 'string') memory.bytes.set(Buffer.from(value.slice(0, size - 1), 'latin1'), offset)
    else if (size === 8) memory.setUint64(offset, value)
    else memory.view.setUint32(offset, value, true)
  }
  return memory
}

function checked(what: string, got: number): number {
  if (got < 0) throw new BpfError(what, -got)
  return got
}

export interface MapShape {
  readonly type: keyof typeof bpf_map_types.values
  readonly keyBytes?: number
  readonly valueBytes?: number
  readonly entries: number
  readonly flags?: readonly (keyof typeof bpf_map_flags.values)[]
  /** Types of its keys and values: see program-btf.ts. */
  readonly btf?: { readonly fd: number; readonly key: number; readonly value: number }
}

/** Creates a map; its descriptor, which is close-on-exec. Throws BpfError. */
export function createMap(
  name: string,
  { type, keyBytes, valueBytes, entries, flags, btf }: MapShape,
): number {
  const got = bpf(Command.BPF_MAP_CREATE, {
    map_type: bpf_map_types.values[type],
    key_size: keyBytes ?? 0,
    value_size: valueBytes ?? 0,
    max_entries: entries,
    map_flags: (flags ?? []).reduce((bits, flag) => bits | bpf_map_flags.values[flag], 0),
    map_name: name,
    ...(btf === undefined ? {} : { btf_fd: btf.fd, btf_key_type_id: btf.key, btf_value_type_id: btf.value }),
  })
  return checked(`bpf(BPF_MAP_CREATE, ${type})`, got)
}

/** Sets a value of a map. Both numbers stand at the beginning of key and value, the rest is zero. */
export function updateMap(fd: number, key: number, value: number, valueBytes: number): void {
  const bytes = new Uint8Array(valueBytes)
  new DataView(bytes.buffer).setUint32(0, value, true)
  writeMap(fd, key, bytes)
}

/** Gives a key that a map has not a value of zeros; whether it had it not. */
export function addToMap(fd: number, key: number, valueBytes: number): boolean {
  try {
    writeMap(fd, key, new Uint8Array(valueBytes), bpf_map_update_elem_flags.values.BPF_NOEXIST)
    return true
  } catch (error) {
    if (error instanceof BpfError && error.errno === constants.errno.EEXIST) return false
    throw error
  }
}

/** Sets a whole value of a map. */
export function writeMap(fd: number, key: number, value: Uint8Array, flags = 0): void {
  const memory = new NativeMemory(16 + value.length)
  memory.view.setUint32(0, key, true)
  memory.bytes.set(value, 16)
  const got = bpf(
    Command.BPF_MAP_UPDATE_ELEM,
    {
      map_fd: fd,
      key: memory.address,
      value: memory.address + 16,
      flags,
    },
    memory,
  )
  checked('bpf(BPF_MAP_UPDATE_ELEM)', got)
}

/** Runs a program here and now, as if its tracepoint had been reached with these arguments. */
export function runProgram(fd: number, args: readonly number[]): void {
  const memory = new NativeMemory(8 * args.length)
  args.forEach((arg, i) => {
    memory.setUint64(8 * i, arg)
  })
  const got = bpf(
    Command.BPF_PROG_TEST_RUN,
    {
      'test.prog_fd': fd,
      'test.ctx_in': memory.address,
      'test.ctx_size_in': 8 * args.length,
    },
    memory,
  )
  checked('bpf(BPF_PROG_TEST_RUN)', got)
}

/** The 32-bit keys that a map has now; some may be missing, or come twice, while others change it. At most `most`. */
export function keysOf(fd: number, most: number): number[] {
  const memory = new NativeMemory(16)
  const fields = { map_fd: fd, next_key: memory.address }
  const keys: number[] = []
  for (let key = 0; keys.length < most; key = memory.address) {
    if (bpf(Command.BPF_MAP_GET_NEXT_KEY, { ...fields, key }, memory) < 0) break
    keys.push(memory.view.getUint32(0, true))
  }
  return keys
}

/** The value of a 32-bit key, undefined when there is none. */
export function lookUp(fd: number, key: number, valueBytes: number): Uint8Array | undefined {
  const memory = new NativeMemory(16 + valueBytes)
  memory.view.setUint32(0, key, true)
  const got = bpf(
    Command.BPF_MAP_LOOKUP_ELEM,
    {
      map_fd: fd,
      key: memory.address,
      value: memory.address + 16,
    },
    memory,
  )
  return got < 0 ? undefined : memory.bytes.slice(16, 16 + valueBytes)
}

export interface Program {
  readonly name: string
  readonly code: Buffer
  /** Type id, in the kernel's BTF, of the tracepoint that it is for: btf_trace_NAME. Null: for any, with arguments that are mere numbers. */
  readonly tracepoint: number | null
  /** Types of its functions: see program-btf.ts. */
  readonly btf?: { readonly fd: number; readonly functions: Buffer; readonly recordBytes: number }
}

const logBytes = 1 << 20

/** Loads a program; its descriptor. Throws BpfError, with the verifier's last words. */
export function loadProgram(program: Program): number {
  const first = load(program, null)
  if (first >= 0) return first
  // Once more, to be told why.
  const log = new NativeMemory(logBytes)
  const got = load(program, log)
  if (got >= 0) return got
  const text = Buffer.from(log.bytes.slice(0, Math.max(0, log.bytes.indexOf(0)))).toString('latin1')
  throw new BpfError(`bpf(BPF_PROG_LOAD, "${program.name}")`, -got, text)
}

/** As `loadProgram`, in a thread of libuv's: several are checked side by side. What `program` refers to stays open until then. */
export async function loadProgramAside(program: Program): Promise<number> {
  const { fields, memory } = request(program, null)
  const words = attr(fields)
  const got = await new Promise<number>((resolve, reject) => {
    asyncSyscall.async(number, Command.BPF_PROG_LOAD, words.address, attrBytes, (error, result) => {
      // Nothing else keeps them until it is done.
      inUseAside.delete(words)
      inUseAside.delete(memory)
      if (error === null) resolve(result)
      else reject(error)
    })
    inUseAside.add(words).add(memory)
  })
  // The error's number is that other thread's.
  return got >= 0 ? got : loadProgram(program)
}

const inUseAside = new Set<NativeMemory>()
const asyncSyscall = lib.func('long syscall(long number, long a, long b, long c)') as unknown as {
  async(
    number: number,
    a: number,
    b: number,
    c: number,
    done: (error: Error | null, result: number) => void,
  ): void
}

function load(program: Program, log: NativeMemory | null): number {
  const { fields, memory } = request(program, log)
  return bpf(Command.BPF_PROG_LOAD, fields, memory, ...(log === null ? [] : [log]))
}

/** What the kernel is asked for, and the memory that this refers to. */
function request(
  { name, code, tracepoint, btf }: Program,
  log: NativeMemory | null,
): { readonly fields: AttrFields; readonly memory: NativeMemory } {
  const functions = btf?.functions ?? Buffer.alloc(0)
  const memory = new NativeMemory(code.length + functions.length + 64)
  const at = memory.take(code.length)
  memory.bytes.set(code, at)
  const info = memory.take(functions.length)
  memory.bytes.set(functions, info)
  // Some of the helpers want to hear this word.
  const license = memory.takeText('GPL')
  return {
    memory,
    fields: {
      ...(tracepoint === null
        ? { prog_type: bpf_prog_types.values.BPF_PROG_TYPE_RAW_TRACEPOINT }
        : {
            prog_type: bpf_prog_types.values.BPF_PROG_TYPE_TRACING,
            expected_attach_type: bpf_attach_type.values.BPF_TRACE_RAW_TP,
            attach_btf_id: tracepoint,
          }),
      insn_cnt: code.length / 8,
      insns: memory.address + at,
      license,
      prog_name: name.replace(/\W/g, '_'),
      ...(btf === undefined
        ? {}
        : {
            prog_btf_fd: btf.fd,
            func_info_rec_size: btf.recordBytes,
            func_info: memory.address + info,
            func_info_cnt: functions.length / btf.recordBytes,
          }),
      ...(log === null ? {} : { log_level: 1, log_size: log.bytes.length, log_buf: log.address }),
    },
  }
}

/** What a verifier's log comes down to: the last lines, where it says what it does not accept. */
export function lastWords(log: string, lines = 6): string {
  return log
    .trimEnd()
    .split('\n')
    .filter(line => !/^(processed|verification time|stack depth)/.test(line))
    .slice(-lines)
    .join('\n')
}

/** Attaches a program to the tracepoint that it was loaded for, or to this one; detached when the descriptor is closed. */
export function attachTracepoint(program: number, tracepoint: string | null): number {
  const memory = new NativeMemory(64)
  const name = tracepoint === null ? 0 : memory.takeText(tracepoint)
  const got = bpf(
    Command.BPF_RAW_TRACEPOINT_OPEN,
    {
      'raw_tracepoint.name': name,
      'raw_tracepoint.prog_fd': program,
    },
    memory,
  )
  return checked('bpf(BPF_RAW_TRACEPOINT_OPEN)', got)
}

/** Hands types to the kernel. */
export function loadBtf(blob: Buffer): number {
  const memory = new NativeMemory(blob.length)
  memory.bytes.set(blob)
  return checked(
    'bpf(BPF_BTF_LOAD)',
    bpf(Command.BPF_BTF_LOAD, { btf: memory.address, btf_size: blob.length }, memory),
  )
}

const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1

/** A map's memory, mapped here. It must not be looked at after `unmap`. */
export interface MappedMemory {
  readonly buffer: ArrayBuffer
  readonly address: number
  unmap(): void
}

const MAP_PRIVATE = 2
const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20

/** Maps memory at an address of the caller's choice, readable or not; for tests. */
export function mapPages(address: number, bytes: number, readable: boolean): void {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
  const got = Number(mmap(address, bytes, readable ? PROT_READ | PROT_WRITE : 0, flags, -1, 0))
  if (got !== address) throw new BpfError('mmap', libc.errno())
}

/** Memory of this process, wherever it is; for tests. */
export const memoryAt = (address: number, bytes: number): Uint8Array =>
  new Uint8Array(koffi.view(BigInt(address), bytes))

/** Maps memory of a map. Throws BpfError. */
export function mapMemory(fd: number, bytes: number, offset: number, writable: boolean): MappedMemory {
  const address = Number(mmap(0, bytes, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, offset))
  if (address <= 0 || address >= 2 ** 53) throw new BpfError('mmap', libc.errno())
  return { buffer: koffi.view(BigInt(address), bytes), address, unmap: () => void munmap(address, bytes) }
}
