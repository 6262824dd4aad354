/** Waiting at a word of memory. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  asOne,
  call,
  clock,
  field,
  flags,
  hex,
  hex32,
  int,
  into,
  isNot,
  mixed,
  oneOf,
  oneOf64,
  part,
  select,
  struct,
  syscalls,
  uint,
  ulong,
  when,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const timeout = into(timespec)

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

/** The operation, whichever of FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME is set. */
const operation = part('futex_op', 0xfffffe7f)

const count = uint
const bitset = oneOf(sets.futexbitset)
const wideBitset = oneOf64(sets.futexbitset)

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
const wordFlags = asOne(mixed(3, sets.futex2_sizes, sets.futex2_flags))
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
        operation,
        {
          FUTEX_LOCK_PI: absent,
          FUTEX_LOCK_PI2: absent,
          FUTEX_UNLOCK_PI: absent,
          FUTEX_TRYLOCK_PI: absent,
        },
        uint,
      ),
      timeout: select(
        operation,
        {
          FUTEX_WAIT: timeout,
          FUTEX_WAIT_BITSET: timeout,
          FUTEX_LOCK_PI: timeout,
          FUTEX_LOCK_PI2: timeout,
          FUTEX_WAIT_REQUEUE_PI: timeout,
          FUTEX_REQUEUE: count,
          FUTEX_CMP_REQUEUE: count,
          FUTEX_CMP_REQUEUE_PI: count,
          FUTEX_WAKE_OP: count,
          FUTEX_WAKE: absent,
          FUTEX_FD: absent,
          FUTEX_WAKE_BITSET: absent,
          FUTEX_UNLOCK_PI: absent,
          FUTEX_TRYLOCK_PI: absent,
        },
        hex,
      ),
      uaddr2: select(
        operation,
        {
          FUTEX_REQUEUE: address,
          FUTEX_CMP_REQUEUE: address,
          FUTEX_CMP_REQUEUE_PI: address,
          FUTEX_WAKE_OP: address,
          FUTEX_WAIT_REQUEUE_PI: address,
          FUTEX_WAIT: absent,
          FUTEX_WAIT_BITSET: absent,
          FUTEX_LOCK_PI: absent,
          FUTEX_LOCK_PI2: absent,
          FUTEX_WAKE: absent,
          FUTEX_FD: absent,
          FUTEX_WAKE_BITSET: absent,
          FUTEX_UNLOCK_PI: absent,
          FUTEX_TRYLOCK_PI: absent,
        },
        hex,
      ),
      val3: select(
        operation,
        {
          FUTEX_WAIT_BITSET: bitset,
          FUTEX_WAKE_BITSET: bitset,
          FUTEX_CMP_REQUEUE: count,
          FUTEX_CMP_REQUEUE_PI: count,
          FUTEX_WAKE_OP: hex32,
          FUTEX_REQUEUE: absent,
          FUTEX_WAIT_REQUEUE_PI: absent,
          FUTEX_WAIT: absent,
          FUTEX_LOCK_PI: absent,
          FUTEX_LOCK_PI2: absent,
          FUTEX_WAKE: absent,
          FUTEX_FD: absent,
          FUTEX_UNLOCK_PI: absent,
          FUTEX_TRYLOCK_PI: absent,
        },
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
      timeout,
      clockid: clock,
    },
    int,
  ),
  futex_wake: call({ uaddr: address, mask: wideBitset, nr: int, flags: wordFlags }, int),
  futex_wait: call(
    { uaddr: address, val: ulong, mask: wideBitset, flags: wordFlags, timeout, clockid: clock },
    int,
  ),
  futex_requeue: call({ waiters: into(array(moved, 2)), flags: hex32, nr_wake: int, nr_requeue: int }, int),
})
