/** Waiting at a word of memory. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  call,
  clock,
  field,
  flags,
  hex,
  hex32,
  int,
  into,
  isNot,
  long,
  mixed,
  oneOf,
  select,
  struct,
  syscalls,
  type Type,
  uint,
  ulong,
  when,
} from '../types/language.ts'

/** Operations with the clock that they count by. */
const operations = {
  ...sets.futexops,
  values: {
    ...sets.futexops.values,
    'FUTEX_FD|FUTEX_PRIVATE_FLAG': 130,
    'FUTEX_WAIT|FUTEX_CLOCK_REALTIME': 256,
    'FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME': 265,
    'FUTEX_WAIT_REQUEUE_PI|FUTEX_CLOCK_REALTIME': 267,
    'FUTEX_WAIT_PRIVATE|FUTEX_CLOCK_REALTIME': 384,
    'FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME': 393,
    'FUTEX_WAIT_REQUEUE_PI_PRIVATE|FUTEX_CLOCK_REALTIME': 395,
  },
} as const

/** Types by operation, whichever of FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME is set. */
const byOperation = <T extends { readonly [operation: number]: Type<unknown> }>(
  types: T,
): { readonly [operation: string]: T[keyof T] } =>
  Object.fromEntries(
    Object.entries(types).flatMap(([op, type]) =>
      [0, 128, 256, 384].map(f => [String(Number(op) | f), type as T[keyof T]]),
    ),
  )

const timespec = into(struct('__kernel_timespec', { tv_sec: long, tv_nsec: ulong }))
const o = sets.futexops.values
const count = uint
const bitset = oneOf(sets.futexbitset)

/** futex_waitv's flags have other names than those of the calls that came after it. */
const waiterFlags = {
  name: 'futex_waiter_flags',
  kind: 'flags',
  prefix: 'FUTEX_',
  values: { FUTEX_32: 2, FUTEX_PRIVATE_FLAG: 128 },
} as const

const waiter = struct('futex_waitv', {
  val: hex,
  uaddr: address,
  flags: flags(waiterFlags),
  __reserved: hex32,
})

/** The size of the word, and what else there is to say. */
const wordFlags = mixed(3, sets.futex2_sizes, sets.futex2_flags)
const moved = struct('futex_waitv', {
  val: hex,
  uaddr: address,
  flags: wordFlags,
  __reserved: when(isNot(field('__reserved'), 0), hex32),
})

export const futexCalls = syscalls({
  futex: call(
    {
      uaddr: address,
      futex_op: oneOf(operations),
      val: select(
        'futex_op',
        byOperation({
          [o.FUTEX_LOCK_PI]: absent,
          [o.FUTEX_LOCK_PI2]: absent,
          [o.FUTEX_UNLOCK_PI]: absent,
          [o.FUTEX_TRYLOCK_PI]: absent,
        }),
        uint,
      ),
      timeout: select(
        'futex_op',
        byOperation({
          [o.FUTEX_WAIT]: timespec,
          [o.FUTEX_WAIT_BITSET]: timespec,
          [o.FUTEX_LOCK_PI]: timespec,
          [o.FUTEX_LOCK_PI2]: timespec,
          [o.FUTEX_WAIT_REQUEUE_PI]: timespec,
          [o.FUTEX_REQUEUE]: count,
          [o.FUTEX_CMP_REQUEUE]: count,
          [o.FUTEX_CMP_REQUEUE_PI]: count,
          [o.FUTEX_WAKE_OP]: count,
          [o.FUTEX_WAKE]: absent,
          [o.FUTEX_FD]: absent,
          [o.FUTEX_WAKE_BITSET]: absent,
          [o.FUTEX_UNLOCK_PI]: absent,
          [o.FUTEX_TRYLOCK_PI]: absent,
        }),
        hex,
      ),
      uaddr2: select(
        'futex_op',
        byOperation({
          [o.FUTEX_REQUEUE]: address,
          [o.FUTEX_CMP_REQUEUE]: address,
          [o.FUTEX_CMP_REQUEUE_PI]: address,
          [o.FUTEX_WAKE_OP]: address,
          [o.FUTEX_WAIT_REQUEUE_PI]: address,
          [o.FUTEX_WAIT]: absent,
          [o.FUTEX_WAIT_BITSET]: absent,
          [o.FUTEX_LOCK_PI]: absent,
          [o.FUTEX_LOCK_PI2]: absent,
          [o.FUTEX_WAKE]: absent,
          [o.FUTEX_FD]: absent,
          [o.FUTEX_WAKE_BITSET]: absent,
          [o.FUTEX_UNLOCK_PI]: absent,
          [o.FUTEX_TRYLOCK_PI]: absent,
        }),
        hex,
      ),
      val3: select(
        'futex_op',
        byOperation({
          [o.FUTEX_WAIT_BITSET]: bitset,
          [o.FUTEX_WAKE_BITSET]: bitset,
          [o.FUTEX_CMP_REQUEUE]: count,
          [o.FUTEX_CMP_REQUEUE_PI]: count,
          [o.FUTEX_WAKE_OP]: hex32,
          [o.FUTEX_REQUEUE]: absent,
          [o.FUTEX_WAIT_REQUEUE_PI]: absent,
          [o.FUTEX_WAIT]: absent,
          [o.FUTEX_LOCK_PI]: absent,
          [o.FUTEX_LOCK_PI2]: absent,
          [o.FUTEX_WAKE]: absent,
          [o.FUTEX_FD]: absent,
          [o.FUTEX_UNLOCK_PI]: absent,
          [o.FUTEX_TRYLOCK_PI]: absent,
        }),
        hex32,
      ),
    },
    int,
  ),
  futex_waitv: call(
    {
      waiters: into(array(waiter, arg('nr_futexes'))),
      nr_futexes: uint,
      flags: hex32,
      timeout: timespec,
      clockid: clock,
    },
    int,
  ),
  futex_wake: call({ uaddr: address, mask: hex, nr: int, flags: wordFlags }, int),
  futex_wait: call(
    { uaddr: address, val: hex, mask: hex, flags: wordFlags, timeout: timespec, clockid: clock },
    int,
  ),
  futex_requeue: call({ waiters: into(array(moved, 2)), flags: hex32, nr_wake: int, nr_requeue: int }, int),
})
