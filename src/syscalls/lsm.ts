/** Security modules, which there are and what they say of a process; and namespaces, listed. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  array,
  bytes,
  call,
  deref,
  field,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  isNot,
  type Length,
  oneOf,
  oneOf64,
  out,
  ret,
  size,
  struct,
  syscalls,
  uint,
  ulong,
  when,
  withTail,
} from '../types/language.ts'

/** One module's word. Those of other modules follow at the next multiple of eight, and are not looked at. */
const context = (length: Length) =>
  withTail(
    'lsm_ctx',
    {
      id: oneOf64({ ...sets.lsm_ids, prefix: '' }),
      flags: hex,
      len: ulong,
      ctx_len: ulong,
      ctx: when(isNot(field('ctx_len'), 0), bytes(field('ctx_len'))),
    },
    length,
  )
const unlessZero = (name: string) => when(isNot(field(name), 0), hex32)
const namespaces = struct('ns_id_req', {
  size: uint,
  spare: unlessZero('spare'),
  ns_id: ulong,
  ns_type: flags(sets.ns_type),
  spare2: unlessZero('spare2'),
  user_ns_id: ulong,
})

export const lsmCalls = syscalls({
  lsm_get_self_attr: call(
    {
      attr: oneOf(sets.lsm_attrs),
      ctx: out(context(deref('size'))),
      size: inout(uint),
      flags: flags(sets.lsm_flags),
    },
    int,
  ),
  lsm_set_self_attr: call(
    { attr: oneOf(sets.lsm_attrs), ctx: into(context(arg('size'))), size: uint, flags: hex32 },
    int,
  ),
  lsm_list_modules: call(
    { ids: out(array(oneOf64(sets.lsm_ids), ret, 8)), size: inout(uint), flags: hex32 },
    int,
  ),
  listns: call({ req: into(namespaces), ns_ids: out(array(ulong, ret)), nr_ns_ids: size, flags: hex32 }, int),
})
