/** Where the kernel's structures hold what descriptors refer to: files, directory entries, mounts, sockets, processes. */
import type { Btf } from './btf.ts'

/** Offsets of members, by structure; what programs read together stands together. */
const filePlaces = {
  task: { struct: 'task_struct', members: { files: 'files', fs: 'fs' } },
  files: { struct: 'files_struct', members: { table: 'fdt' } },
  table: { struct: 'fdtable', members: { count: 'max_fds', descriptors: 'fd' } },
  directories: { struct: 'fs_struct', members: { workEntry: 'pwd.dentry', workMount: 'pwd.mnt' } },
  roots: { struct: 'fs_struct', members: { entry: 'root.dentry', mount: 'root.mnt' } },
  file: {
    struct: 'file',
    members: { entry: 'f_path.dentry', mount: 'f_path.mnt', own: 'private_data' },
  },
  entry: {
    struct: 'dentry',
    members: { hashed: 'd_hash.pprev', parent: 'd_parent', name: 'd_name.name', inode: 'd_inode' },
  },
  mount: { struct: 'mount', members: { parent: 'mnt_parent', point: 'mnt_mountpoint' } },
  /** What others point to is a part of it. */
  mountPart: { struct: 'mount', members: { start: 'mnt', root: 'mnt.mnt_root' } },
  inode: {
    struct: 'inode',
    members: { mode: 'i_mode', device: 'i_rdev', number: 'i_ino', system: 'i_sb' },
  },
  inodeOwn: { struct: 'inode', members: { own: 'i_private' } },
  system: { struct: 'super_block', members: { magic: 's_magic' } },
  namespace: { struct: 'ns_common', members: { operations: 'ops' } },
  namespaceKind: { struct: 'proc_ns_operations', members: { name: 'name' } },
} as const

const socketPlaces = {
  socket: { struct: 'socket', members: { sock: 'sk' } },
  /** A socket's inode stands beside it. */
  pair: { struct: 'socket_alloc', members: { socket: 'socket', inode: 'vfs_inode.i_ino' } },
  sock: { struct: 'sock', members: { socket: 'sk_socket' } },
  protocol: { struct: 'sock', members: { number: 'sk_protocol' } },
  common: {
    struct: 'sock',
    members: {
      family: '__sk_common.skc_family',
      state: '__sk_common.skc_state',
      remotePort: '__sk_common.skc_dport',
      bound: '__sk_common.skc_rcv_saddr',
      remote: '__sk_common.skc_daddr',
      bound6: '__sk_common.skc_v6_rcv_saddr',
      remote6: '__sk_common.skc_v6_daddr',
    },
  },
  internet: { struct: 'inet_sock', members: { port: 'inet_sport', source: 'inet_saddr' } },
  tcp: { struct: 'tcp_sock', members: { terms: 'advmss' } },
  internet6: { struct: 'inet_sock', members: { own: 'pinet6' } },
  own6: { struct: 'ipv6_pinfo', members: { source: 'saddr' } },
  unix: { struct: 'unix_sock', members: { peer: 'peer', address: 'addr' } },
  unixAddress: { struct: 'unix_address', members: { length: 'len', name: 'name' } },
  netlink: { struct: 'netlink_sock', members: { port: 'portid' } },
} as const

const processPlaces = {
  pid: { struct: 'pid', members: { tasks: 'tasks', numbers: 'numbers' } },
  /** Where a task is in lists of its pids; the first is its own. */
  task: { struct: 'task_struct', members: { links: 'pid_links' } },
  number: { struct: 'upid', members: { number: 'nr' } },
} as const

interface Wanted {
  readonly [group: string]: { readonly struct: string; readonly members: { readonly [name: string]: string } }
}
export type Places<W extends Wanted> = {
  readonly [G in keyof W]: { readonly [M in keyof W[G]['members']]: number }
}
export type FilePlaces = Places<typeof filePlaces>
export type SocketDetailPlaces = Places<typeof socketPlaces>
export type ProcessPlaces = Places<typeof processPlaces>

/** All that notes of descriptors need to know of the kernel that runs. */
export interface NotePlaces {
  readonly files: FilePlaces
  readonly sockets: SocketDetailPlaces
  readonly processes: ProcessPlaces
}

/** Finds them; a text that says what is missing, when something is. */
export function notePlaces(btf: Btf): NotePlaces | string {
  const missing: string[] = []
  const find = <W extends Wanted>(wanted: W): Places<W> =>
    Object.fromEntries(
      Object.entries(wanted).map(([group, { struct, members }]) => {
        const id = btf.find('struct', struct)
        const offsets = Object.entries(members).map(([name, path]) => {
          const member = btf.member(id, path)
          if (member === undefined) missing.push(`${struct}.${path}`)
          return [name, member?.offset ?? 0]
        })
        return [group, Object.fromEntries(offsets)]
      }),
    ) as Places<W>
  const places = {
    files: find(filePlaces),
    sockets: find(socketPlaces),
    processes: find(processPlaces),
  }
  return missing.length === 0 ? places : `this kernel lacks ${missing.join(', ')}`
}
