/** Names that the strace whose notation this is has for what was named otherwise since, or did not have yet. */
export const olderNames: { readonly [name: string]: string } = {
  BPF_ATOMIC: 'BPF_XADD',
  PR_SYS_DISPATCH_EXCLUSIVE_ON: 'PR_SYS_DISPATCH_ON',
}

/** Names that are not newer than this strace, but of which it does not know that they belong to these sets. */
export const missedNames: { readonly [set: string]: readonly string[] } = {
  fsmount_attr_flags: ['MOUNT_ATTR_NOSYMFOLLOW'],
}

/** Values that strace writes as an expression, or by a name that the kernel's headers for this machine do not have (any more). */
export const expressions: { readonly [set: string]: readonly (readonly [name: string, value: bigint])[] } = {
  dm_flags: [['DM_EXISTS_FLAG', 4n]],
  sigact_flags: [['SA_INTERRUPT', 0x20000000n]],
  syslog_console_levels: [['LOGLEVEL_DEBUG+1', 8n]],
  v4l2_device_capabilities_flags: [['V4L2_CAP_ASYNCIO', 0x2000000n]],
}

/** Sets of flags whose zero got a name since. */
export const zeroIsNumber: ReadonlySet<string> = new Set(['pkey_access'])

/** Sets whose flags are written as what they are: bits by their number. With what stands before the number. */
export const bitNumbers: { readonly [set: string]: string } = {
  kd_keymap_flags: '1<<',
  rtnl_ifla_br_boolopt_flags: '1<<',
  ifstats_attr_flags: '1<<',
  rtc_features: '1<<',
  hdio_ide_nice: '1 << ',
  uffd_api_flags: '1<<',
  uffd_register_ioctl_flags: '1<<',
}
