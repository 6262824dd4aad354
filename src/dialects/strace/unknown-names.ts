/**
 * What strace writes beside a value that a set has no name for, where it is not the set's prefix and `???`.
 * Empty: nothing. The spellings are strace's.
 */
export const unknownNames: { readonly [set: string]: string } = {
  access_modes: '?_OK',
  bootflags1: 'LINUX_REBOOT_MAGIC_???',
  bootflags2: 'LINUX_REBOOT_MAGIC_???',
  fsmagic: '',
  futexbitset: '',
  get_mempolicy_flags: 'MPOL_???',
  key_spec: '',
  mbind_flags: 'MPOL_???',
  memfd_secret_flags: '',
  move_pages_flags: 'MPOL_???',
  msgctl_flags: 'MSG_???',
  quota_formats: 'QFMT_VFS_???',
  quotatypes: '???QUOTA',
  semctl_flags: 'SEM_???',
  shmctl_flags: 'SHM_???',
  sock_alg_options: 'ALG_???',
  sock_irda_options: 'IRLMP_???',
  sock_options: 'SO_???',
  sock_raw_options: 'RAW_???',
  socketlayers: 'SOL_??',
  seccomp_ops: 'SECCOMP_SET_MODE_???',
  tcflsh_options: 'TC???',
  tcxonc_options: 'TC???',
  nbd_ioctl_flags: 'NBD_IOC_FLAG_???',
  uffd_flags: 'UFFD_???',
  rename_flags: 'RENAME_??',
  xfs_dqblk_flags: 'FS_???_QUOTA',
}
