/** Disk quotas. The command's low byte says whose quota it is; what the arguments are hangs on the rest. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  call,
  fd,
  flags,
  hex32,
  int,
  into,
  oneOf,
  out,
  part,
  path,
  select,
  short,
  struct,
  syscalls,
  type Type,
  uid,
  uint,
  ulong,
  ushort,
} from '../types/language.ts'

const block = {
  dqb_bhardlimit: ulong,
  dqb_bsoftlimit: ulong,
  dqb_curspace: ulong,
  dqb_ihardlimit: ulong,
  dqb_isoftlimit: ulong,
  dqb_curinodes: ulong,
  dqb_btime: ulong,
  dqb_itime: ulong,
  dqb_valid: flags(sets.if_dqblk_valid),
}
const quota = struct('if_dqblk', block)
const nextQuota = struct('if_nextdqblk', { ...block, dqb_id: uint })
const info = struct('if_dqinfo', {
  dqi_bgrace: ulong,
  dqi_igrace: ulong,
  dqi_flags: flags(sets.if_dqinfo_flags),
  dqi_valid: flags(sets.if_dqinfo_valid),
})
const tiny = { ...short, bits: 8 } as typeof short
const xfsQuota = struct('fs_disk_quota', {
  d_version: tiny,
  d_flags: flags(sets.xfs_dqblk_flags),
  d_fieldmask: hex32,
  d_id: uint,
  d_blk_hardlimit: ulong,
  d_blk_softlimit: ulong,
  d_ino_hardlimit: ulong,
  d_ino_softlimit: ulong,
  d_bcount: ulong,
  d_icount: ulong,
  d_itimer: int,
  d_btimer: int,
  d_iwarns: ushort,
  d_bwarns: ushort,
  d_rtb_hardlimit: ulong,
  d_rtb_softlimit: ulong,
  d_rtbcount: ulong,
  d_rtbtimer: int,
  d_rtbwarns: ushort,
})
const limits = {
  qs_btimelimit: int,
  qs_itimelimit: int,
  qs_rtbtimelimit: int,
  qs_bwarnlimit: ushort,
  qs_iwarnlimit: ushort,
}
const usage = { qfs_ino: ulong, qfs_nblks: ulong, qfs_nextents: uint }
const status = struct('fs_quota_stat', {
  qs_version: tiny,
  qs_flags: flags(sets.xfs_quota_flags),
  qs_uquota: struct('fs_qfilestat', usage),
  qs_gquota: struct('fs_qfilestat', usage),
  qs_incoredqs: uint,
  ...limits,
})
const statusV = struct('fs_quota_statv', {
  qs_version: tiny,
  qs_flags: flags(sets.xfs_quota_flags),
  qs_incoredqs: uint,
  qs_uquota: struct('fs_qfilestatv', usage),
  qs_gquota: struct('fs_qfilestatv', usage),
  qs_pquota: struct('fs_qfilestatv', usage),
  ...limits,
})

/** What a command takes: an id (absent where it has none), and what the address leads to. */
const commands: {
  readonly [command in keyof typeof sets.quotacmds.values]: readonly [id: Type<unknown>, addr: Type<unknown>]
} = {
  Q_SYNC: [absent, absent],
  Q_QUOTAON: [oneOf(sets.quota_formats), path],
  Q_QUOTAOFF: [absent, absent],
  Q_GETFMT: [absent, out(oneOf(sets.quota_formats))],
  Q_GETINFO: [absent, out(info)],
  Q_SETINFO: [absent, into(info)],
  Q_GETQUOTA: [uid, out(quota)],
  Q_SETQUOTA: [uid, into(quota)],
  Q_GETNEXTQUOTA: [uid, out(nextQuota)],
  Q_XQUOTAON: [absent, into(flags(sets.xfs_quota_flags))],
  Q_XQUOTAOFF: [absent, into(flags(sets.xfs_quota_flags))],
  Q_XGETQUOTA: [uid, out(xfsQuota)],
  Q_XSETQLIM: [uid, into(xfsQuota)],
  Q_XGETQSTAT: [absent, out(status)],
  Q_XQUOTARM: [absent, into(flags(sets.xfs_dqblk_flags))],
  Q_XQUOTASYNC: [absent, absent],
  Q_XGETQSTATV: [absent, out(statusV)],
  Q_XGETNEXTQUOTA: [uid, out(xfsQuota)],
}
/** What is asked for, whatever type of quota it is asked of. */
const command = part('cmd', 0xffffff00, 8)
const byCommand = (which: 0 | 1): { readonly [command: string]: Type<unknown> } =>
  Object.fromEntries(
    Object.entries(commands).map(([name, parts]) => [
      String(sets.quotacmds.values[name as keyof typeof commands]),
      parts[which],
    ]),
  )
const id = select(command, byCommand(0), uid)
const addr = select(command, byCommand(1), address)

export const quotaCalls = syscalls({
  quotactl: call({ cmd: hex32, special: path, id, addr }, int),
  quotactl_fd: call({ fd, cmd: hex32, id, addr }, int),
})
