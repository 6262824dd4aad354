/** The function of plan programs that notes what a descriptor refers to, or the working directory: its path, and what kind of file it is. */
import { fsmagic } from '../../abi/sets.ts'
import { AT_FDCWD, Enter, Range } from '../../record/layout.ts'
import { BpfAssembler, type Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { Control, inScratch, recordBytes, Scratch } from './capture-layout.ts'
import type { FilePlaces } from './file-places.ts'
import { follow, seeMembers } from './kernel-reads.ts'
import { mostPath, NoteKind, PathNote, PathNoteFlag } from './note-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { nextRange, record } from './plan-ranges.ts'
import { leave } from './program-parts.ts'

/** A name has no more bytes, its NUL included. */
const mostName = 256
/** Names of a path that is as long as one may be, and mounts on its way. */
const mostSteps = mostPath
const namesStart = Range.bytes + PathNote.names

/** On the stack: the file, and the note's key. */
const filePlace = -16
const keyPlace = -32

/** noteDescriptor(fd, task, slot): AT_FDCWD is the working directory; task 0 is the current one. */
export function noteDescriptor(functions: PlanFunctions, a: BpfAssembler): void {
  const { places, sockets, pidfds } = functions.notes!
  const { files } = places
  const [out, isCwd, found, hasParent, flagged, nameless, named, hasTask] = a.newLabels(8)
  a.mov32('r8', 'r1')
  a.mov('r7', 'r2')
  a.alu('r3', '<<=', 32)
  a.alu('r3', '|=', 'r8')
  a.store(8, 'r10', keyPlace, 'r3')
  // A working directory has no file: but before Linux 6.3 the verifier takes no read of what was written on some ways only.
  a.store(8, 'r10', filePlace, 0)
  record(a, out)
  a.jump('r7', '!=', 0, hasTask)
  a.call(Helper.get_current_task_btf)
  a.mov('r7', 'r0')
  a.label(hasTask)
  a.jump32('r8', '==', AT_FDCWD, isCwd)
  a.jump32('r8', 's<', 0, out)
  fileBehind(a, files, out)
  a.store(8, 'r10', filePlace, 'r7')
  const file = seeMembers(a, 'r7', { entry: files.file.entry, mount: files.file.mount }, out)
  file('r7', 8, 'entry')
  file('r9', 8, 'mount')
  a.store(4, 'r6', inScratch(Scratch.pathKind), NoteKind.path)
  a.goto(found)
  a.label(isCwd)
  follow(a, 'r7', files.task.fs, 8, out)
  const directories = seeMembers(a, 'r7', files.directories, out)
  directories('r7', 8, 'workEntry')
  directories('r9', 8, 'workMount')
  a.store(4, 'r6', inScratch(Scratch.pathKind), NoteKind.cwd)
  a.store(8, 'r10', keyPlace, 0)

  // r7: the directory entry, r9: the mount that it is seen through.
  a.label(found)
  a.store(8, 'r6', inScratch(Scratch.entry), 'r7')
  a.alu('r9', '-=', files.mountPart.start)
  a.store(8, 'r6', inScratch(Scratch.mount), 'r9')
  follow(a, 'r9', files.mountPart.root, 8, out)
  a.store(8, 'r6', inScratch(Scratch.mountRoot), 'r9')
  nextRange(a, out)
  a.alu('r5', '+=', namesStart)
  a.store(8, 'r6', inScratch(Scratch.nameAt), 'r5')

  const entry = seeMembers(a, 'r7', files.entry, out)
  entry('r1', 8, 'parent')
  entry('r2', 8, 'hashed')
  entry('r3', 8, 'inode')
  a.mov('r4', 0)
  a.jump('r1', '!=', 'r7', hasParent)
  // The root of what is mounted; or what is in no directory at all.
  a.jump('r9', '==', 'r7', flagged)
  a.mov('r4', PathNoteFlag.nameless)
  a.goto(flagged)
  a.label(hasParent)
  a.jump('r2', '!=', 0, flagged)
  a.mov('r4', PathNoteFlag.removed)
  a.label(flagged)
  a.store(4, 'r6', fact('flags'), 'r4')
  a.mov('r7', 'r3')
  const inode = seeMembers(a, 'r7', files.inode, out)
  inode('r1', 2, 'mode')
  a.store(4, 'r6', fact('mode'), 'r1')
  inode('r1', 4, 'device')
  a.store(4, 'r6', fact('device'), 'r1')
  inode('r1', 8, 'number')
  a.store(8, 'r6', fact('inode'), 'r1')
  inode('r9', 8, 'system')
  follow(a, 'r9', files.system.magic, 8, out)
  a.store(8, 'r6', fact('magic'), 'r9')
  a.store(8, 'r6', inScratch(Scratch.inode), 'r7')

  a.load(4, 'r1', 'r6', fact('flags'))
  a.jump('r1', '&', PathNoteFlag.nameless, nameless)
  functions.loop(mostSteps, body => stepUp(body, files))
  // Whoever reached the root has left nothing here.
  a.load(8, 'r1', 'r6', inScratch(Scratch.entry))
  a.jump('r1', '==', 0, named)
  a.load(4, 'r1', 'r6', fact('flags'))
  a.alu('r1', '|=', PathNoteFlag.unfinished)
  a.store(4, 'r6', fact('flags'), 'r1')
  a.goto(named)
  a.label(nameless)
  nameOfNameless(a, files, out)
  appendName(a, 'r7', out)
  a.label(named)
  finishPath(a, out)
  if (sockets) noteIfSocket(functions, a, out)
  if (pidfds) noteIfProcess(functions, a, out)
  a.label(out)
  leave(a)
}

/** r7: the name of what is in no directory; of a namespace that of its kind. */
function nameOfNameless(a: BpfAssembler, files: FilePlaces, none: Label): void {
  const [other, done] = a.newLabels(2)
  a.load(8, 'r1', 'r6', fact('magic'))
  a.jump('r1', '!=', fsmagic.values.NSFS_MAGIC, other)
  a.load(8, 'r7', 'r6', inScratch(Scratch.inode))
  follow(a, 'r7', files.inodeOwn.own, 8, none)
  follow(a, 'r7', files.namespace.operations, 8, none)
  follow(a, 'r7', files.namespaceKind.name, 8, none)
  a.goto(done)
  a.label(other)
  a.load(8, 'r7', 'r6', inScratch(Scratch.entry))
  follow(a, 'r7', files.entry.name, 8, none)
  a.label(done)
}

/** r7, a task: the file behind the descriptor in r8. */
export function fileBehind(a: BpfAssembler, files: FilePlaces, none: Label): void {
  follow(a, 'r7', files.task.files, 8, none)
  follow(a, 'r7', files.files.table, 8, none)
  const table = seeMembers(a, 'r7', files.table, none)
  table('r1', 4, 'count')
  a.jump('r8', '>=', 'r1', none)
  table('r7', 8, 'descriptors')
  a.mov('r1', 'r8')
  a.alu('r1', '<<=', 3)
  a.alu('r7', '+=', 'r1')
  follow(a, 'r7', 0, 8, none)
  a.jump('r7', '==', 0, none)
}

/** What is known of the file, before it goes into the record. */
const fact = (name: keyof typeof PathNote): number => inScratch(Scratch.facts) + PathNote[name]

/** Appends the name at the address in `from` to the record. */
function appendName(a: BpfAssembler, from: 'r7' | 'r8', none: Label): void {
  a.load(8, 'r9', 'r6', inScratch(Scratch.nameAt))
  a.jump('r9', '>', recordBytes + 2 * mostPath, none)
  a.mov('r1', 'r6')
  a.alu('r1', '+=', 'r9')
  a.mov('r2', mostName)
  a.mov('r3', from)
  a.call(Helper.probe_read_kernel_str)
  a.jump('r0', 's<=', 0, none)
  a.alu('r9', '+=', 'r0')
  a.store(8, 'r6', inScratch(Scratch.nameAt), 'r9')
}

/** One name, or one mount, nearer to the root: the body of a loop. */
function stepUp(a: BpfAssembler, files: FilePlaces): void {
  const [stop, isBelowRoot, crosses, reached] = a.newLabels(4)
  record(a, stop)
  a.load(8, 'r7', 'r6', inScratch(Scratch.entry))
  a.load(8, 'r8', 'r6', inScratch(Scratch.mount))
  // Where the tracer's own root is, paths begin, as they do for whoever reads them in /proc.
  a.mapValue('r1', 'control', Control.root)
  a.load(8, 'r2', 'r1', 0)
  a.jump('r7', '!=', 'r2', isBelowRoot)
  a.load(8, 'r2', 'r1', 8)
  a.jump('r8', '==', 'r2', reached)
  a.label(isBelowRoot)
  a.load(8, 'r1', 'r6', inScratch(Scratch.mountRoot))
  a.jump('r7', '==', 'r1', crosses)
  const entry = seeMembers(a, 'r7', { parent: files.entry.parent, name: files.entry.name }, stop)
  entry('r1', 8, 'parent')
  a.jump('r1', '==', 'r7', reached)
  entry('r8', 8, 'name')
  a.store(8, 'r6', inScratch(Scratch.entry), 'r1')
  appendName(a, 'r8', stop)
  leave(a)

  a.label(crosses)
  const mount = seeMembers(a, 'r8', files.mount, stop)
  mount('r1', 8, 'parent')
  a.jump('r1', '==', 'r8', reached)
  mount('r2', 8, 'point')
  a.store(8, 'r6', inScratch(Scratch.entry), 'r2')
  a.store(8, 'r6', inScratch(Scratch.mount), 'r1')
  a.mov('r8', 'r1')
  follow(a, 'r8', files.mountPart.root, 8, stop)
  a.store(8, 'r6', inScratch(Scratch.mountRoot), 'r8')
  leave(a)
  a.label(reached)
  a.store(8, 'r6', inScratch(Scratch.entry), 0)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}

/** Makes a range of what was found. r8: its key, from now on. */
function finishPath(a: BpfAssembler, none: Label): void {
  nextRange(a, none)
  a.load(8, 'r7', 'r6', inScratch(Scratch.nameAt))
  a.alu('r7', '-=', 'r5')
  a.alu('r7', '-=', namesStart)
  // Nobody could be told a longer one.
  a.jump('r7', '>', mostPath, none)
  a.load(8, 'r8', 'r10', keyPlace)
  a.store(8, 'r4', Range.address, 'r8')
  a.load(4, 'r1', 'r6', inScratch(Scratch.pathKind))
  a.store(4, 'r4', Range.kind, 'r1')
  a.store(4, 'r6', fact('length'), 'r7')
  for (let at = 0; at < PathNote.names; at += 8) {
    a.load(8, 'r1', 'r6', inScratch(Scratch.facts) + at)
    a.store(8, 'r4', Range.bytes + at, 'r1')
  }
  a.alu('r7', '+=', PathNote.names)
  a.store(4, 'r4', Range.length, 'r7')
  a.alu('r7', '+=', 7)
  a.alu('r7', '&=', -8)
  a.alu('r5', '+=', Range.bytes)
  a.alu('r5', '+=', 'r7')
  a.store(8, 'r6', inScratch(Scratch.at), 'r5')
  a.load(4, 'r1', 'r6', Enter.ranges)
  a.alu('r1', '+=', 1)
  a.store(4, 'r6', Enter.ranges, 'r1')
  // What follows is about descriptors.
  a.load(4, 'r1', 'r6', inScratch(Scratch.pathKind))
  a.jump('r1', '!=', NoteKind.path, none)
}

function noteIfSocket(functions: PlanFunctions, a: BpfAssembler, done: Label): void {
  const [other] = a.newLabels(1)
  a.load(8, 'r1', 'r6', fact('magic'))
  a.jump('r1', '!=', fsmagic.values.SOCKFS_MAGIC, other)
  a.mov('r1', 'r8')
  a.load(8, 'r2', 'r10', filePlace)
  functions.call('noteSocket')
  a.goto(done)
  a.label(other)
}

/** "[pidfd]" and its NUL: the name of such a file, before Linux 6.9 gave them a file system of their own. */
export const pidfdName = 0x005d_6466_6469_705bn

function noteIfProcess(functions: PlanFunctions, a: BpfAssembler, done: Label): void {
  const { files } = functions.notes!.places
  const [isFile, call] = a.newLabels(2)
  a.load(8, 'r1', 'r6', fact('magic'))
  a.load(8, 'r7', 'r6', inScratch(Scratch.inode))
  a.mov('r9', files.inodeOwn.own)
  a.jump('r1', '==', fsmagic.values.PID_FS_MAGIC, call)
  a.jump('r1', '==', fsmagic.values.ANON_INODE_FS_MAGIC, isFile)
  a.goto(done)
  a.label(isFile)
  a.load(8, 'r7', 'r10', filePlace)
  a.mov('r9', files.file.own)
  // The name stands at the end of what was just written, with nothing behind it.
  a.load(8, 'r5', 'r6', inScratch(Scratch.nameAt))
  a.jump('r5', '>', recordBytes + 2 * mostPath, done)
  a.alu('r5', '-=', 8)
  a.jump('r5', '>', recordBytes + 2 * mostPath, done)
  a.mov('r4', 'r6')
  a.alu('r4', '+=', 'r5')
  a.load(8, 'r1', 'r4', 0)
  a.number64('r2', pidfdName)
  a.jump('r1', '!=', 'r2', done)
  a.label(call)
  a.alu('r7', '+=', 'r9')
  follow(a, 'r7', 0, 8, done)
  a.mov('r1', 'r8')
  a.mov('r2', 'r7')
  functions.call('noteProcess')
}

/** The program that finds out where the root of the thread that runs it is: where paths begin that it shows. */
export function rootProgram(files: FilePlaces): BpfAssembler {
  const a = new BpfAssembler()
  const [out] = a.newLabels(1)
  record(a, out)
  a.call(Helper.get_current_task_btf)
  a.mov('r7', 'r0')
  follow(a, 'r7', files.task.fs, 8, out)
  const root = seeMembers(a, 'r7', files.roots, out)
  root('r1', 8, 'entry')
  root('r2', 8, 'mount')
  a.alu('r2', '-=', files.mountPart.start)
  a.mapValue('r3', 'control', Control.root)
  a.store(8, 'r3', 0, 'r1')
  a.store(8, 'r3', 8, 'r2')
  a.label(out)
  leave(a)
  return a
}
