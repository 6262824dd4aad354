/**
 * What programs note of descriptors and processes, in ranges of events: what they find in the kernel's structures as it is there.
 * Texts are made of it by the thread that reads (event-notes.ts), which puts ranges of the record's own kinds in their place.
 */

/** Kinds of ranges that events have beside those of records. Addresses are keys as there. */
export const NoteKind = {
  /** The file behind a descriptor: see `PathNote`. */
  path: 128,
  /** The working directory, in the same form. */
  cwd: 129,
  /** What the socket behind a descriptor is, and whom it talks to: see `SocketNote`. */
  socket: 130,
  /** The process behind a pidfd: u32, 0 for none any more. */
  process: 131,
  /** To be looked up by the thread that reads. Descriptor of another process: u32 its id. */
  foreign: 132,
  /** The same of a process's id: u32 place in `pidKinds`. */
  pid: 133,
  /** Of ids in memory that was copied: u32 place in `pidHolders`; then where it starts and ends, counted from the event, u32 each. */
  pids: 134,
  /** Of descriptors in memory that was copied: u32 place in `descriptorHolders`; then as above. */
  descriptors: 135,
} as const
/** The first of them. */
export const firstNoteKind: number = NoteKind.path

/** u32 mode, u32 the kernel's number of the device, u64 inode, u64 the file system's magic, u32 flags, u32 bytes of names; then names ended by NUL, the last one first. */
export const PathNote = { mode: 0, device: 4, inode: 8, magic: 16, flags: 24, length: 28, names: 32 } as const
export const PathNoteFlag = {
  /** It has been removed. */
  removed: 1,
  /** It is nowhere in a file system: a pipe, a socket, shared memory. Its name is what its kind makes of it. */
  nameless: 2,
  /** There were more names than could be gone through: those nearest to the root are missing. */
  unfinished: 4,
} as const
/** No path has more bytes. */
export const mostPath = 4096

/**
 * A stretch of struct sock and one of struct inet_sock, whose members stand where the kernel has them; IPv6's own address;
 * u64 inode of the peer, u32 netlink port, u32 protocol, u32 bytes of a Unix socket's name, which follows;
 * u16 the segment size that a TCP socket has come to terms about.
 */
export const SocketNote = {
  common: 0,
  internet: 128,
  source6: 256,
  peer: 272,
  port: 280,
  protocol: 284,
  length: 288,
  terms: 292,
  name: 296,
  bytes: 408,
} as const
/** Bytes of a stretch. */
export const mostStretch = 128
/** sun_path, with room to spare. */
export const mostUnixName = 108

export const pidKinds = ['tid', 'pid', 'pgid', 'sid', 'pidOrGroup'] as const
export const pidHolders = ['siginfo', 'messages', 'netlink', 'address'] as const
export const descriptorHolders = ['siginfo', 'address', 'netlink'] as const
