import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Answer, ask, haveCompiler, type Question } from './c-layouts.ts'
import { type LayoutField, layouts, type StructLayout } from './layouts.ts'

const arm = process.arch === 'arm64'

/** What is asked for under another name or in another header than that of the facts. */
const elsewhere: { [name: string]: Partial<Question> } = {
  cmsghdr: { header: 'sys/socket.h' },
  kernel_sigaction: { header: 'asm/signal.h', type: 'struct sigaction' },
  linger: { header: 'sys/socket.h' },
  linux_dirent64: { header: 'dirent.h', type: 'struct dirent64' },
  mmsghdr: { header: 'sys/socket.h' },
  msghdr: { header: 'sys/socket.h' },
  sched_param: { header: 'sched.h' },
  sockaddr: { header: 'sys/socket.h' },
  ucred: { header: 'sys/socket.h' },
  user_regs_struct: {
    header: 'sys/user.h',
    renamed: arm
      ? {}
      : {
          ...Object.fromEntries(['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp', 'ip'].map(name => [name, `r${name}`])),
          orig_ax: 'orig_rax',
          flags: 'eflags',
        },
  },
}

/** Where userland sees something else than the kernel, and why that is right. */
const exceptions: { [field: string]: string } = {
  compat_statfs64: 'packed in the kernel of x86-64, for its 32-bit programs',
  'kernel_sigaction.sa_mask': 'one word here, a struct of one word in the header',
  linux_dirent64: 'the name is flexible in the kernel, 256 bytes in libc',
  'mmsghdr.msg_hdr.msg_namelen': 'int in the kernel, unsigned in libc',
  'msghdr.msg_namelen': 'int in the kernel, unsigned in libc',
  'mmsghdr.msg_hdr.msg_flags': 'unsigned in the kernel, int in libc',
  'msghdr.msg_flags': 'unsigned in the kernel, int in libc',
  'ucred.pid': 'unsigned in the kernel, pid_t in libc',
}

/** Structs that grow at their end from release to release, so that another size is not an error. */
const growing = new Set(['clone_args', 'open_how', 'perf_event_attr', 'rseq', 'sched_attr', 'io_uring_params'])

/** What is set aside shrinks whenever a release uses some of it. */
const setAside = /reserved|spare|unused|resv|rsv|pad/

const kernelOnly = 'no header for programs has it'

interface Facts {
  structs: { [name: string]: { header: string; kind: string; typedef?: true; arch?: string; absent?: string[] } }
  typedefs: { [name: string]: { type: string } }
}

function questions(): { list: Question[]; left: Map<string, string> } {
  const { structs } = JSON.parse(
    readFileSync(new URL('../../data/abi/structs.json', import.meta.url), 'utf8'),
  ) as Facts
  const list: Question[] = []
  const left = new Map<string, string>()
  for (const [name, layout] of Object.entries(layouts) as [string, StructLayout & { arm64?: StructLayout }][]) {
    const struct = structs[name]
    const header = elsewhere[name]?.header ?? struct?.header ?? ''
    if (header === '' || header.startsWith('kernel/')) left.set(name, kernelOnly)
    else if (struct?.absent?.includes(arm ? 'arm64' : 'amd64') || (struct?.arch ?? '') === (arm ? 'amd64' : 'arm64')) {
      left.set(name, 'not on this architecture')
    } else {
      const type = struct?.typedef ? name : `${struct?.kind ?? 'struct'} ${name}`
      list.push({ name, layout: (arm && layout.arm64) || layout, type, header, ...elsewhere[name] })
    }
  }
  return { list, left }
}

test('layouts are those of the C compiler', { skip: haveCompiler() ? false : 'no cc on this machine' }, t => {
  const { list, left } = questions()
  const answers = ask(list)
  const wrong: string[] = []
  let checked = 0
  for (const question of list) {
    const answer = answers.get(question.name)
    if (!answer?.has('')) {
      left.set(question.name, `${question.header} of this machine lacks it or cannot be compiled`)
      continue
    }
    checked++
    wrong.push(...compare(question, answer, left))
  }
  for (const [name, reason] of Object.entries(exceptions)) t.diagnostic(`differs rightly: ${name}: ${reason}`)
  for (const [name, reason] of left) t.diagnostic(`not checked: ${name}: ${reason}`)
  t.diagnostic(`${checked} of ${Object.keys(layouts).length} structs checked`)
  assert.deepEqual(wrong, [])
  assert.ok(checked > 30, `only ${checked} could be checked`)
})

function compare({ name, layout, renamed }: Question, answer: Answer, left: Map<string, string>): string[] {
  const wrong: string[] = []
  let older = false
  for (const [written, field] of Object.entries(layout.fields)) {
    const path = `${name}.${written}`
    const found = answer.get(renamed?.[written] ?? written)
    if (!found) {
      left.set(path, 'not in the header of this machine')
      older = true
    }
    if (found && !(path in exceptions) && !setAside.test(written)) {
      const want = expected(field)
      const got = [found.offset, found.size, want[2] < 0 ? -1 : found.signed, want[3] === 0 ? 0 : found.class]
      if (found.signed < 0) want[2] = got[2] = -1
      // An inner structure that has got more fields than the header of this machine knows.
      const grew = field.struct !== undefined && found.offset === want[0] && found.size < want[1]
      if (grew) left.set(path, 'has grown since the header of this machine')
      else if (`${want}` !== `${got}`) wrong.push(`${path}: ${want} in the table, ${got} in C`)
    }
  }
  const size = answer.get('')!.size
  if (size !== layout.size && !(older && size < layout.size) && !growing.has(name) && !(name in exceptions)) {
    wrong.push(`${name}: ${layout.size} bytes in the table, ${size} in C`)
  }
  return wrong
}

/** Offset, size, 1 for signed, and gcc's number for the class of the type; -1 and 0 for "not compared". */
function expected(field: LayoutField): [number, number, number, number] {
  const { offset, size, bit, width = 0 } = field
  if (bit !== undefined) return [offset * 8 + bit, width, -1, 0]
  if (field.element) return [offset, size, -1, 0]
  if (field.struct !== undefined) return [offset, size, -1, 0]
  if (field.pointer) return [offset, size, -1, 5]
  return [offset, size, field.signed ? 1 : 0, 1]
}
