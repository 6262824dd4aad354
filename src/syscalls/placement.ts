/** On which NUMA nodes memory lies. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  call,
  flags,
  flags64,
  hex,
  int,
  into,
  longArray,
  mixed,
  oneOf,
  out,
  pid,
  syscalls,
  times,
  ulong,
} from '../types/language.ts'

/** Bits of `maxnode` nodes, in words. */
const nodes = array(hex, times(arg('maxnode'), 1 / 64))
const modeFlags = 0xe000n
const mode = mixed(0xffff_ffffn ^ modeFlags, sets.mpol_modes, sets.mpol_mode_flags)
const mode64 = mixed(0xffff_ffff_ffff_ffffn ^ modeFlags, sets.mpol_modes, sets.mpol_mode_flags, 64)

/** Who moves more pages at once is shown these. */
const mostPages = 16384

export const placementCalls = syscalls({
  mbind: call(
    {
      addr: address,
      len: ulong,
      mode: mode64,
      nodemask: into(nodes),
      maxnode: ulong,
      flags: flags(sets.mbind_flags),
    },
    int,
  ),
  set_mempolicy: call({ mode, nodemask: into(nodes), maxnode: ulong }, int),
  get_mempolicy: call(
    {
      mode: out(oneOf(sets.mpol_modes)),
      nodemask: out(nodes),
      maxnode: ulong,
      addr: address,
      flags: flags64(sets.get_mempolicy_flags),
    },
    int,
  ),
  set_mempolicy_home_node: call({ start: address, len: ulong, home_node: ulong, flags: hex }, int),
  migrate_pages: call({ pid, maxnode: ulong, old_nodes: into(nodes), new_nodes: into(nodes) }, int),
  /** A status is a node or a negative error number. */
  move_pages: call(
    {
      pid,
      count: ulong,
      pages: into(longArray(address, arg('count'), mostPages)),
      nodes: into(longArray(int, arg('count'), mostPages)),
      status: out(longArray(int, arg('count'), mostPages)),
      flags: flags(sets.move_pages_flags),
    },
    int,
  ),
})
