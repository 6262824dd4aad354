import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fsmagic } from '../../abi/sets.ts'
import { PathNote, PathNoteFlag } from './note-layout.ts'
import { NotedPath } from './path-text.ts'

/** A note as programs leave it: names from the last one to the first. */
function note(names: readonly string[], flags = 0, magic = 0, inode = 7): Uint8Array {
  const text = Buffer.from(names.map(name => `${name}\0`).join(''), 'latin1')
  const bytes = Buffer.alloc(PathNote.names + text.length)
  bytes.writeBigUInt64LE(BigInt(inode), PathNote.inode)
  bytes.writeBigUInt64LE(BigInt(magic), PathNote.magic)
  bytes.writeUInt32LE(flags, PathNote.flags)
  bytes.writeUInt32LE(text.length, PathNote.length)
  text.copy(bytes, PathNote.names)
  return bytes
}

/** A path amid other bytes. */
function noted(bytes: Uint8Array): NotedPath {
  const all = Buffer.concat([Buffer.alloc(24, 'x'), bytes, Buffer.from('y\0z')])
  return new NotedPath(all, new DataView(all.buffer, all.byteOffset, all.length)).over(24, bytes.length)
}

function textOf(bytes: Uint8Array): string {
  const to = Buffer.alloc(bytes.length + 16, '!')
  const length = noted(bytes).write(to, 8)
  assert.equal(to.subarray(0, 8).toString(), '!!!!!!!!')
  return to.subarray(8, 8 + length).toString('latin1')
}

test('names become a path', () => {
  assert.equal(textOf(note([])), '/')
  assert.equal(textOf(note(['etc'])), '/etc')
  assert.equal(textOf(note(['b', 'a\n', 'tmp'])), '/tmp/a\n/b')
})

test('what has no path is called by its kind', () => {
  const text = (name: string, magic: number, inode = 7) => {
    const to = Buffer.alloc(64, '!')
    const length = noted(note([name], PathNoteFlag.nameless, magic, inode)).writeNameless(to, 8)
    assert.equal(to.subarray(0, 8).toString(), '!!!!!!!!')
    assert.equal(to[8 + Math.max(length, 0)], 33)
    return length < 0 ? undefined : to.toString('latin1', 8, 8 + length)
  }
  assert.equal(text('', fsmagic.values.PIPEFS_MAGIC), 'pipe:[7]')
  for (const inode of [0, 9, 10, 4_294_967_297, 1_234_567_890_123])
    assert.equal(text('TCP', fsmagic.values.SOCKFS_MAGIC, inode), `socket:[${inode}]`)
  assert.equal(text('', fsmagic.values.PID_FS_MAGIC), 'anon_inode:[pidfd]')
  assert.equal(text('[eventfd]', fsmagic.values.ANON_INODE_FS_MAGIC), 'anon_inode:[eventfd]')
  assert.equal(text('net', fsmagic.values.NSFS_MAGIC), 'net:[7]')
  assert.equal(text('memfd:x', fsmagic.values.TMPFS_MAGIC), '/memfd:x (deleted)')
  assert.equal(text('buffer', fsmagic.values.DMA_BUF_MAGIC), undefined)
})

test('any bytes are read without harm, and nothing is written beyond their length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: PathNote.names, maxLength: 300 }), bytes => {
      const to = Buffer.alloc(bytes.length + 32, '!')
      const path = noted(bytes)
      const length = path.write(to, 16)
      assert.ok(length >= 1 && length <= Math.max(1, bytes.length - PathNote.names))
      assert.equal(to.subarray(0, 16).toString(), '!'.repeat(16))
      assert.equal(
        to.subarray(16 + Math.max(1, bytes.length - PathNote.names)).every(b => b === 33),
        true,
      )
      assert.ok(path.writeNameless(Buffer.alloc(bytes.length + 32), 0) <= bytes.length + 32)
    }),
  )
})
