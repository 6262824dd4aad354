/** System V's shared memory, message queues and semaphores. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  bytes,
  call,
  flags,
  gid,
  growing,
  hex32,
  inout,
  int,
  into,
  key,
  long,
  type NameSet,
  oct32,
  oneOf,
  out,
  pid,
  plus,
  type Select,
  select,
  short,
  size,
  ssize,
  struct,
  syscalls,
  type Type,
  time,
  uid,
  uint,
  ulong,
  ushort,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const permissionFields = { uid, gid, mode: oct32, key: hex32, cuid: uid, cgid: gid }
const permissions = struct('ipc64_perm', permissionFields)
/** What IPC_SET looks at. */
const settable = struct('ipc64_perm', { uid, gid, mode: oct32 })

const segmentFields = {
  shm_perm: permissions,
  shm_segsz: ulong,
  shm_cpid: pid,
  shm_lpid: pid,
  shm_nattch: ulong,
  shm_atime: time,
  shm_dtime: time,
  shm_ctime: time,
}
const segment = out(struct('shmid64_ds', segmentFields))
const segmentControl = select(
  'cmd',
  {
    IPC_STAT: segment,
    SHM_STAT: segment,
    SHM_STAT_ANY: segment,
    IPC_SET: into(struct('shmid64_ds', { shm_perm: settable })),
    IPC_INFO: out(
      struct('shminfo64', { shmmax: ulong, shmmin: ulong, shmmni: ulong, shmseg: ulong, shmall: ulong }),
    ),
    SHM_INFO: out(
      struct('shm_info', {
        used_ids: int,
        shm_tot: ulong,
        shm_rss: ulong,
        shm_swp: ulong,
        swap_attempts: ulong,
        swap_successes: ulong,
      }),
    ),
  },
  address,
)

const queueFields = {
  msg_perm: permissions,
  msg_stime: time,
  msg_rtime: time,
  msg_ctime: time,
  msg_qnum: ulong,
  msg_qbytes: ulong,
  msg_lspid: pid,
  msg_lrpid: pid,
}
const queue = out(struct('msqid64_ds', queueFields))
const queueInfo = out(
  struct('msginfo', {
    msgpool: int,
    msgmap: int,
    msgmax: int,
    msgmnb: int,
    msgmni: int,
    msgssz: int,
    msgtql: int,
    msgseg: ushort,
  }),
)
const queueControl = select(
  'cmd',
  {
    IPC_STAT: queue,
    MSG_STAT: queue,
    MSG_STAT_ANY: queue,
    IPC_SET: into(struct('msqid64_ds', { msg_perm: settable, msg_qbytes: ulong })),
    IPC_INFO: queueInfo,
    MSG_INFO: queueInfo,
  },
  address,
)

const semaphoreFields = { sem_perm: permissions, sem_otime: time, sem_ctime: time, sem_nsems: ulong }
const semaphores = out(struct('semid64_ds', semaphoreFields))
const semaphoreInfo = out(
  struct('seminfo', {
    semmap: int,
    semmni: int,
    semmns: int,
    semmnu: int,
    semmsl: int,
    semopm: int,
    semume: int,
    semusz: int,
    semvmx: int,
    semaem: int,
  }),
)
const semaphoreControl = select(
  'cmd',
  {
    IPC_STAT: semaphores,
    SEM_STAT: semaphores,
    SEM_STAT_ANY: semaphores,
    IPC_SET: into(struct('semid64_ds', { sem_perm: settable })),
    IPC_INFO: semaphoreInfo,
    SEM_INFO: semaphoreInfo,
  },
  address,
)
const sops = into(
  array(struct('sembuf', { sem_num: ushort, sem_op: short, sem_flg: flags(sets.semop_flags) }), arg('nsops')),
)

/** The type of a message, then as many bytes as the caller says. */
const message = growing('msgbuf', { mtype: long, mtext: bytes(arg('msgsz')) }, plus(arg('msgsz'), 8), 8)

export const ipcCalls = syscalls({
  shmget: call({ key, size, shmflg: flags(sets.shm_resource_flags) }, int),
  shmat: call({ shmid: int, shmaddr: address, shmflg: flags(sets.shm_flags) }, address),
  shmctl: call({ shmid: int, cmd: oneOf(sets.shmctl_flags), buf: segmentControl }, int),
  shmdt: call({ shmaddr: address }, int),
  msgget: call({ key, msgflg: flags(sets.resource_flags) }, int),
  msgsnd: call({ msqid: int, msgp: into(message), msgsz: size, msgflg: flags(sets.ipc_msg_flags) }, int),
  msgrcv: call(
    { msqid: int, msgp: out(message), msgsz: size, msgtyp: long, msgflg: flags(sets.ipc_msg_flags) },
    ssize,
  ),
  msgctl: call({ msqid: int, cmd: oneOf(sets.msgctl_flags), buf: queueControl }, int),
  semget: call({ key, nsems: int, semflg: flags(sets.resource_flags) }, int),
  semop: call({ semid: int, sops, nsops: uint }, int),
  semtimedop: call({ semid: int, sops, nsops: uint, timeout: into(timespec) }, int),
  semctl: call({ semid: int, semnum: int, cmd: oneOf(sets.semctl_flags), arg: semaphoreControl }, int),
})

/** A command with the flag that asks for the structures of today: without it they are older ones. */
const IPC_64 = 0x100
type Cases = { readonly [cmd: string]: Type<unknown> }
const bothForms = (set: NameSet, on: Select & Type<unknown>, older: Cases) =>
  select(
    'cmd',
    {
      ...on.cases,
      ...older,
      ...Object.fromEntries(
        Object.entries(on.cases).map(([name, type]) => [String(Number(set.values[name]) | IPC_64), type]),
      ),
    } as unknown as Cases,
    address,
  )

const oldPermissions = struct('ipc_perm', permissionFields)
const oldSettable = struct('ipc_perm', { uid, gid, mode: oct32 })
const oldSegment = out(
  struct('shmid_ds', { ...segmentFields, shm_perm: oldPermissions, shm_segsz: int, shm_nattch: ushort }),
)
const oldQueue = out(
  struct('msqid_ds', { ...queueFields, msg_perm: oldPermissions, msg_qnum: ushort, msg_qbytes: ushort }),
)
const oldSemaphores = out(
  struct('semid_ds', { ...semaphoreFields, sem_perm: oldPermissions, sem_nsems: ushort }),
)
const oldSegmentControl = {
  IPC_STAT: oldSegment,
  SHM_STAT: oldSegment,
  SHM_STAT_ANY: oldSegment,
  IPC_SET: into(struct('shmid_ds', { shm_perm: oldSettable })),
  IPC_INFO: out(struct('shminfo', { shmmax: uint, shmmin: uint, shmmni: uint, shmseg: uint, shmall: uint })),
}
const oldQueueControl = {
  IPC_STAT: oldQueue,
  MSG_STAT: oldQueue,
  MSG_STAT_ANY: oldQueue,
  IPC_SET: into(struct('msqid_ds', { msg_perm: oldSettable, msg_qbytes: ushort })),
}
const oldSemaphoreControl = {
  IPC_STAT: oldSemaphores,
  SEM_STAT: oldSemaphores,
  SEM_STAT_ANY: oldSemaphores,
  IPC_SET: into(struct('semid_ds', { sem_perm: oldSettable })),
}

/** The same calls made through ipc. */
export const partsOfIpc = syscalls({
  ...ipcCalls,
  shmctl: call(
    { ...ipcCalls.shmctl.args, buf: bothForms(sets.shmctl_flags, segmentControl, oldSegmentControl) },
    int,
  ),
  msgctl: call(
    { ...ipcCalls.msgctl.args, buf: bothForms(sets.msgctl_flags, queueControl, oldQueueControl) },
    int,
  ),
  semctl: call(
    {
      ...ipcCalls.semctl.args,
      arg: inout(bothForms(sets.semctl_flags, semaphoreControl, oldSemaphoreControl)),
    },
    int,
  ),
})
