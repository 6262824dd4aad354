/** Mounting: the classic call, the calls that go by descriptors, asking what is mounted, swap. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  bytes,
  call,
  cstring,
  deref,
  dirfd,
  either,
  fd,
  fd64,
  field,
  flags,
  flags64,
  growing,
  has,
  hex,
  inside,
  int,
  into,
  oneOf,
  oneOf64,
  out,
  path,
  ret,
  select,
  shortString,
  size,
  ssize,
  syscalls,
  type Test,
  text,
  uint,
  when,
  withTail,
} from '../types/language.ts'

/**
 * With some flags mount(2) ignores the type, and of these with all but MS_REMOUNT the data too. MS_MGC_VAL in
 * the upper half, which stands for no flags, has some of their bits: it is told by the bits that it lacks.
 */
const magic = 0xc0ed0000
const notInMagic = [0x20000, 0x100000, 0x1000000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000]
const changes = ['MS_BIND', 'MS_MOVE']
const propagation = ['MS_UNBINDABLE', 'MS_PRIVATE', 'MS_SLAVE', 'MS_SHARED']
const ignoredText = (ignored: Test, withMagic: Test) =>
  either(
    has('mountflags', magic),
    either(
      has('mountflags', ...notInMagic),
      // Not the magic number, but real flags: those of propagation among them.
      address,
      either(withMagic, address, text),
    ),
    either(ignored, address, text),
  )
const filesystemtype = ignoredText(
  has('mountflags', 'MS_REMOUNT', ...changes, ...propagation),
  has('mountflags', 'MS_REMOUNT', ...changes),
)
const data = either(
  has('mountflags', 'MS_REMOUNT'),
  text,
  ignoredText(has('mountflags', ...changes, ...propagation), has('mountflags', ...changes)),
)

/** The kernel takes no more of a name or of a text; paths have the usual bound. */
const configText = into(shortString(256))
const byKey = {
  FSCONFIG_SET_FLAG: configText,
  FSCONFIG_SET_STRING: configText,
  FSCONFIG_SET_BINARY: configText,
  FSCONFIG_SET_PATH: configText,
  FSCONFIG_SET_PATH_EMPTY: configText,
  FSCONFIG_SET_FD: configText,
}
const configValue = {
  FSCONFIG_SET_STRING: configText,
  FSCONFIG_SET_BINARY: into(bytes(arg('aux'))),
  FSCONFIG_SET_PATH: path,
  FSCONFIG_SET_PATH_EMPTY: path,
}
const configAux = { FSCONFIG_SET_PATH: dirfd, FSCONFIG_SET_PATH_EMPTY: dirfd, FSCONFIG_SET_FD: fd }

/** Without the mask of three of the bits, so that those that are set are named. */
const withoutMask = <const S extends typeof sets.mount_attr_attr | typeof sets.fsmount_attr_flags>(
  set: S,
) => {
  const { MOUNT_ATTR__ATIME: _, ...values } = set.values
  return { ...set, values }
}
const attributes = withoutMask(sets.mount_attr_attr)
const mountAttr = growing(
  'mount_attr',
  {
    attr_set: flags64(attributes),
    attr_clr: flags64(attributes),
    propagation: oneOf64(sets.mount_attr_propagation),
    userns_fd: fd64,
  },
  arg('size'),
  32,
)
const { OPEN_TREE_CLONE, OPEN_TREE_NAMESPACE, OPEN_TREE_CLOEXEC } = sets.open_tree_flags.values
const openTreeFlags = flags(
  { ...sets.open_tree_flags, values: { OPEN_TREE_CLONE, OPEN_TREE_NAMESPACE, OPEN_TREE_CLOEXEC } },
  sets.at_flags,
)

const mountRequest = growing(
  'mnt_id_req',
  { size: uint, mnt_id: oneOf64(sets.listmount_mnt_id), param: flags64(sets.statmount_mask), mnt_ns_id: hex },
  deref('req'),
  24,
)
const listRequest = growing(
  'mnt_id_req',
  { size: uint, mnt_id: oneOf64(sets.listmount_mnt_id), param: hex, mnt_ns_id: hex },
  deref('req'),
  24,
)
const asked = (...names: string[]) => has(field('mask'), ...names)
/** A text in the tail of the structure: where it stands, counted from where the tail begins. */
const inTail = inside(arg('smbuf'), 'str', cstring)
const mountFields = {
  size: uint,
  mnt_opts: when(asked('STATMOUNT_MNT_OPTS'), inTail),
  mask: flags64(sets.statmount_mask),
  sb_dev_major: when(asked('STATMOUNT_SB_BASIC'), uint),
  sb_dev_minor: when(asked('STATMOUNT_SB_BASIC'), uint),
  sb_magic: when(asked('STATMOUNT_SB_BASIC'), oneOf64(sets.fsmagic)),
  sb_flags: when(asked('STATMOUNT_SB_BASIC'), flags(sets.statmount_sb_flags)),
  fs_type: when(asked('STATMOUNT_FS_TYPE'), inTail),
  mnt_id: when(asked('STATMOUNT_MNT_BASIC'), hex),
  mnt_parent_id: when(asked('STATMOUNT_MNT_BASIC'), hex),
  mnt_id_old: when(asked('STATMOUNT_MNT_BASIC'), hex),
  mnt_parent_id_old: when(asked('STATMOUNT_MNT_BASIC'), hex),
  mnt_attr: when(asked('STATMOUNT_MNT_BASIC'), flags64(attributes)),
  mnt_propagation: when(asked('STATMOUNT_MNT_BASIC'), flags64(sets.statmount_mnt_propagation)),
  mnt_peer_group: when(asked('STATMOUNT_MNT_BASIC'), hex),
  mnt_master: when(asked('STATMOUNT_MNT_BASIC'), hex),
  propagate_from: when(asked('STATMOUNT_PROPAGATE_FROM'), hex),
  mnt_root: when(asked('STATMOUNT_MNT_ROOT'), inTail),
  mnt_point: when(asked('STATMOUNT_MNT_POINT'), inTail),
  mnt_ns_id: when(asked('STATMOUNT_MNT_NS_ID'), hex),
  fs_subtype: when(asked('STATMOUNT_FS_SUBTYPE'), inTail),
  sb_source: when(asked('STATMOUNT_SB_SOURCE'), inTail),
}
/** The kernel tells in the first member how much of it there is. */
const mountStatus = withTail('statmount', mountFields, deref('smbuf'))

export const mountCalls = syscalls({
  mount: call(
    { source: path, target: path, filesystemtype, mountflags: flags64(sets.mount_flags), data },
    int,
  ),
  umount2: call({ target: path, flags: flags(sets.umount_flags) }, int),
  pivot_root: call({ new_root: path, put_old: path }, int),
  swapon: call({ path, swapflags: flags(sets.swap_flags) }, int),
  swapoff: call({ path }, int),

  fsopen: call({ fsname: text, flags: flags(sets.fsopen_flags) }, fd),
  fsconfig: call(
    {
      fs_fd: fd,
      cmd: oneOf(sets.fsconfig_cmds),
      key: select('cmd', byKey, address),
      value: select('cmd', configValue, address),
      aux: select('cmd', configAux, int),
    },
    int,
  ),
  fsmount: call(
    { fs_fd: fd, flags: flags(sets.fsmount_flags), attr_flags: flags(withoutMask(sets.fsmount_attr_flags)) },
    fd,
  ),
  fspick: call({ dirfd, pathname: path, flags: flags(sets.fspick_flags) }, fd),
  open_tree: call({ dirfd, pathname: path, flags: openTreeFlags }, fd),
  open_tree_attr: call({ dirfd, pathname: path, flags: openTreeFlags, attr: into(mountAttr), size }, fd),
  move_mount: call(
    {
      from_dirfd: dirfd,
      from_pathname: path,
      to_dirfd: dirfd,
      to_pathname: path,
      flags: flags(sets.move_mount_flags),
    },
    int,
  ),
  mount_setattr: call(
    { dirfd, pathname: path, flags: flags(sets.mount_setattr_flags), attr: into(mountAttr), size },
    int,
  ),

  statmount: call(
    { req: into(mountRequest), smbuf: out(mountStatus), bufsize: size, flags: flags(sets.statmount_flags) },
    int,
  ),
  listmount: call(
    {
      req: into(listRequest),
      mnt_ids: out(array(hex, ret)),
      nr_mnt_ids: size,
      flags: flags(sets.listmount_flags),
    },
    ssize,
  ),
})
