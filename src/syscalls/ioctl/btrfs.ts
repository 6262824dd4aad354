/** btrfs: subvolumes, devices, searches in its trees, quotas. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  array,
  bytes,
  chars,
  decimal,
  dev,
  fd,
  field,
  flags64,
  growing,
  has,
  hex,
  inout,
  into,
  is,
  min,
  oneOf,
  oneOf64,
  out,
  peek,
  plus,
  struct,
  time,
  times,
  uint,
  ulong,
  ushort,
  when,
} from '../../types/language.ts'

const uuid = bytes(16)
/**
 * Trees and inodes are numbered. Those of the file system itself have names, of which the last lie so close to
 * 2^64 that only a whole number of 64 bits tells them apart.
 */
const objectId = ulong
const keyType = decimal(oneOf(sets.btrfs_key_types))
const subvolumeFlags = flags64(sets.btrfs_snap_flags_v2)

const volume = into(struct('btrfs_ioctl_vol_args', { fd, name: chars() }))

const limit = struct('btrfs_qgroup_limit', {
  flags: flags64(sets.btrfs_qgroup_limit_flags),
  max_rfer: ulong,
  max_excl: ulong,
  rsv_rfer: ulong,
  rsv_excl: ulong,
})
/** What a new subvolume takes over from groups of quotas, which follow the structure. */
export const inheritance = growing(
  'btrfs_qgroup_inherit',
  {
    flags: flags64(sets.btrfs_qgroup_inherit_flags),
    num_qgroups: ulong,
    num_ref_copies: ulong,
    num_excl_copies: ulong,
    lim: limit,
    qgroups: array(ulong, field('num_qgroups')),
  },
  field('size'),
  72,
)
const inherits = has(field('flags'), 'BTRFS_SUBVOL_QGROUP_INHERIT')
const newSubvolume = inout(
  struct('btrfs_ioctl_vol_args_v2', {
    fd,
    transid: ulong,
    flags: subvolumeFlags,
    size: when(inherits, ulong),
    qgroup_inherit: when(inherits, into(inheritance)),
    name: chars(),
  }),
)

const chunks = struct('btrfs_balance_args', {
  profiles: flags64(sets.btrfs_space_info_flags),
  usage: ulong,
  devid: dev,
  pstart: ulong,
  pend: ulong,
  vstart: ulong,
  vend: ulong,
  target: ulong,
  flags: flags64(sets.btrfs_balance_args),
})
const balance = struct('btrfs_ioctl_balance_args', {
  flags: flags64(sets.btrfs_balance_flags),
  state: flags64(sets.btrfs_balance_state),
  data: when(has(field('flags'), 'BTRFS_BALANCE_DATA'), chunks),
  meta: when(has(field('flags'), 'BTRFS_BALANCE_METADATA'), chunks),
  sys: when(has(field('flags'), 'BTRFS_BALANCE_SYSTEM'), chunks),
})

const searchKey = struct('btrfs_ioctl_search_key', {
  tree_id: objectId,
  min_objectid: objectId,
  max_objectid: objectId,
  min_offset: ulong,
  max_offset: ulong,
  min_transid: ulong,
  max_transid: ulong,
  min_type: keyType,
  max_type: keyType,
  nr_items: uint,
})
/** What stands before each item that a search found. */
export const searchHeader = struct('btrfs_ioctl_search_header', {
  transid: ulong,
  objectid: objectId,
  offset: ulong,
  type: keyType,
  len: uint,
})

const progress = struct('btrfs_scrub_progress', {
  data_extents_scrubbed: ulong,
  tree_extents_scrubbed: ulong,
  data_bytes_scrubbed: ulong,
  tree_bytes_scrubbed: ulong,
  read_errors: ulong,
  csum_errors: ulong,
  verify_errors: ulong,
  no_csum: ulong,
  csum_discards: ulong,
  super_errors: ulong,
  malloc_errors: ulong,
  uncorrectable_errors: ulong,
  corrected_errors: ulong,
  last_physical: ulong,
  unverified_errors: ulong,
})
const scrub = inout(
  struct('btrfs_ioctl_scrub_args', {
    devid: dev,
    start: ulong,
    end: ulong,
    flags: flags64(sets.btrfs_scrub_flags),
    progress,
  }),
)

const replaceCommands = sets.btrfs_dev_replace_cmds.values
const replacement = struct('btrfs_ioctl_dev_replace_args', {
  cmd: oneOf64(sets.btrfs_dev_replace_cmds),
  result: oneOf64(sets.btrfs_dev_replace_results),
  start: when(
    is(field('cmd'), replaceCommands.BTRFS_IOCTL_DEV_REPLACE_CMD_START),
    struct('btrfs_ioctl_dev_replace_start_params', {
      srcdevid: dev,
      cont_reading_from_srcdev_mode: oneOf64(sets.btrfs_cont_reading_from_srcdev_mode),
      srcdev_name: chars(),
      tgtdev_name: chars(),
    }),
  ),
  status: when(
    is(field('cmd'), replaceCommands.BTRFS_IOCTL_DEV_REPLACE_CMD_STATUS),
    struct('btrfs_ioctl_dev_replace_status_params', {
      replace_state: oneOf64(sets.btrfs_dev_replace_state),
      progress_1000: ulong,
      time_started: time,
      time_stopped: time,
      num_write_errors: ulong,
      num_uncorrectable_read_errors: ulong,
    }),
  ),
})

/** Room that the kernel fills with places of paths, or with inodes of three numbers each. */
export const container = growing(
  'btrfs_data_container',
  {
    bytes_left: uint,
    bytes_missing: uint,
    elem_cnt: uint,
    elem_missed: uint,
    val: array(ulong, field('elem_cnt')),
  },
  field('size'),
  16,
)

const moment = struct('btrfs_ioctl_timespec', { sec: time, nsec: uint })
const features = struct('btrfs_ioctl_feature_flags', {
  // There are none yet.
  compat_flags: hex,
  compat_ro_flags: flags64(sets.btrfs_features_compat_ro),
  incompat_flags: flags64(sets.btrfs_features_incompat),
})
const tellsSums = has(field('flags'), 'BTRFS_FS_INFO_FLAG_CSUM_INFO')

export const btrfsIoctls = {
  BTRFS_IOC_TRANS_START: absent,
  BTRFS_IOC_TRANS_END: absent,
  BTRFS_IOC_SYNC: absent,
  BTRFS_IOC_START_SYNC: out(ulong),
  BTRFS_IOC_WAIT_SYNC: into(ulong),

  BTRFS_IOC_SNAP_CREATE: volume,
  BTRFS_IOC_SUBVOL_CREATE: volume,
  BTRFS_IOC_SNAP_DESTROY: volume,
  BTRFS_IOC_SNAP_CREATE_V2: newSubvolume,
  BTRFS_IOC_SUBVOL_CREATE_V2: newSubvolume,
  BTRFS_IOC_DEFAULT_SUBVOL: into(ulong),
  BTRFS_IOC_SUBVOL_GETFLAGS: out(subvolumeFlags),
  BTRFS_IOC_SUBVOL_SETFLAGS: into(subvolumeFlags),
  BTRFS_IOC_SET_RECEIVED_SUBVOL: inout(
    struct('btrfs_ioctl_received_subvol_args', {
      uuid,
      stransid: ulong,
      rtransid: ulong,
      stime: moment,
      rtime: moment,
      flags: ulong,
    }),
  ),
  BTRFS_IOC_SEND: into(
    struct('btrfs_ioctl_send_args', {
      send_fd: fd,
      clone_sources_count: ulong,
      clone_sources: into(array(objectId, field('clone_sources_count'))),
      parent_root: objectId,
      flags: flags64(sets.btrfs_send_flags),
    }),
  ),

  BTRFS_IOC_RESIZE: volume,
  BTRFS_IOC_SCAN_DEV: volume,
  BTRFS_IOC_FORGET_DEV: volume,
  BTRFS_IOC_DEVICES_READY: volume,
  BTRFS_IOC_ADD_DEV: volume,
  BTRFS_IOC_RM_DEV: volume,
  BTRFS_IOC_DEV_INFO: inout(
    struct('btrfs_ioctl_dev_info_args', {
      devid: dev,
      uuid,
      bytes_used: ulong,
      total_bytes: ulong,
      path: chars(),
    }),
  ),
  BTRFS_IOC_GET_DEV_STATS: inout(
    struct('btrfs_ioctl_get_dev_stats', {
      devid: dev,
      nr_items: ulong,
      flags: flags64(sets.btrfs_dev_stats_flags),
      values: array(ulong, min(field('nr_items'), 5)),
    }),
  ),
  BTRFS_IOC_DEV_REPLACE: inout(replacement),

  // Both take a structure that the kernel does not look at.
  BTRFS_IOC_BALANCE: absent,
  BTRFS_IOC_DEFRAG: absent,
  BTRFS_IOC_BALANCE_V2: inout(balance),
  BTRFS_IOC_BALANCE_CTL: oneOf(sets.btrfs_balance_ctl_cmds),
  BTRFS_IOC_BALANCE_PROGRESS: out(balance),
  BTRFS_IOC_DEFRAG_RANGE: into(
    struct('btrfs_ioctl_defrag_range_args', {
      start: ulong,
      len: ulong,
      flags: flags64(sets.btrfs_defrag_flags),
      extent_thresh: uint,
      compress_type: oneOf(sets.btrfs_compress_types),
    }),
  ),
  BTRFS_IOC_SCRUB: scrub,
  BTRFS_IOC_SCRUB_CANCEL: absent,
  BTRFS_IOC_SCRUB_PROGRESS: scrub,

  BTRFS_IOC_TREE_SEARCH: inout(struct('btrfs_ioctl_search_args', { key: searchKey, buf: bytes(3992) })),
  BTRFS_IOC_TREE_SEARCH_V2: inout(
    growing(
      'btrfs_ioctl_search_args_v2',
      { key: searchKey, buf_size: ulong, buf: bytes(field('buf_size')) },
      plus(peek('argp', 8, 104), 112),
      112,
    ),
  ),
  BTRFS_IOC_INO_LOOKUP: inout(
    struct('btrfs_ioctl_ino_lookup_args', { treeid: objectId, objectid: objectId, name: chars() }),
  ),
  BTRFS_IOC_INO_PATHS: inout(
    struct('btrfs_ioctl_ino_path_args', { inum: ulong, size: ulong, fspath: out(container) }),
  ),
  BTRFS_IOC_LOGICAL_INO: inout(
    struct('btrfs_ioctl_logical_ino_args', {
      logical: ulong,
      size: ulong,
      reserved: array(hex, 3),
      flags: flags64(sets.btrfs_logical_ino_args_flags),
      inodes: out(container),
    }),
  ),

  BTRFS_IOC_SPACE_INFO: inout(
    growing(
      'btrfs_ioctl_space_args',
      {
        space_slots: ulong,
        total_spaces: ulong,
        spaces: array(
          struct('btrfs_ioctl_space_info', {
            flags: flags64(sets.btrfs_space_info_flags),
            total_bytes: ulong,
            used_bytes: ulong,
          }),
          min(field('space_slots'), field('total_spaces')),
        ),
      },
      plus(times(peek('argp', 8), 24), 16),
      16,
    ),
  ),
  BTRFS_IOC_FS_INFO: inout(
    struct('btrfs_ioctl_fs_info_args', {
      max_id: ulong,
      num_devices: ulong,
      fsid: uuid,
      nodesize: uint,
      sectorsize: uint,
      clone_alignment: uint,
      csum_type: when(tellsSums, oneOf(sets.btrfs_csum_types)),
      csum_size: when(tellsSums, ushort),
      flags: flags64(sets.btrfs_fs_info_flags),
      generation: when(has(field('flags'), 'BTRFS_FS_INFO_FLAG_GENERATION'), ulong),
      metadata_uuid: when(has(field('flags'), 'BTRFS_FS_INFO_FLAG_METADATA_UUID'), uuid),
    }),
  ),
  BTRFS_IOC_GET_FEATURES: out(features),
  /** Those that there are, that may be set, and that may be cleared. */
  BTRFS_IOC_GET_SUPPORTED_FEATURES: out(array(features, 3)),
  /** Their new values, and which of them are meant. */
  BTRFS_IOC_SET_FEATURES: into(array(features, 2)),

  BTRFS_IOC_QUOTA_CTL: inout(
    struct('btrfs_ioctl_quota_ctl_args', { cmd: oneOf64(sets.btrfs_qgroup_ctl_cmds) }),
  ),
  BTRFS_IOC_QUOTA_RESCAN: into(struct('btrfs_ioctl_quota_rescan_args', { flags: ulong })),
  BTRFS_IOC_QUOTA_RESCAN_STATUS: out(
    struct('btrfs_ioctl_quota_rescan_args', { flags: ulong, progress: ulong }),
  ),
  BTRFS_IOC_QUOTA_RESCAN_WAIT: absent,
  BTRFS_IOC_QGROUP_ASSIGN: into(
    struct('btrfs_ioctl_qgroup_assign_args', { assign: ulong, src: ulong, dst: ulong }),
  ),
  BTRFS_IOC_QGROUP_CREATE: into(struct('btrfs_ioctl_qgroup_create_args', { create: ulong, qgroupid: ulong })),
  // Its number says that the kernel writes it, but it is read.
  BTRFS_IOC_QGROUP_LIMIT: into(struct('btrfs_ioctl_qgroup_limit_args', { qgroupid: ulong, lim: limit })),
}
