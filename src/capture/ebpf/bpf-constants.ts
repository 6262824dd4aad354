/** Numbers of the kernel's helpers and flags, of which src/abi has no set since no call takes them. bpf-constants.test.ts compares them with data/abi. */
export const Helper = {
  map_lookup_elem: 1,
  map_update_elem: 2,
  map_delete_elem: 3,
  ktime_get_ns: 5,
  get_smp_processor_id: 8,
  tail_call: 12,
  get_current_pid_tgid: 14,
  get_current_comm: 16,
  current_task_under_cgroup: 37,
  probe_read_user: 112,
  probe_read_kernel: 113,
  probe_read_user_str: 114,
  probe_read_kernel_str: 115,
  ringbuf_output: 130,
  ringbuf_reserve: 131,
  ringbuf_submit: 132,
  ringbuf_query: 134,
  get_current_task_btf: 158,
  task_pt_regs: 175,
  loop: 181,
} as const

/** How a record in the ring wakes who waits for it. */
export const Wakeup = { BPF_RB_NO_WAKEUP: 1, BPF_RB_FORCE_WAKEUP: 2 } as const
/** What a ring is asked for: bytes that were written and not yet given back. */
export const RingQuery = { BPF_RB_AVAIL_DATA: 0 } as const
/** Bits of a record's length in the ring. */
export const RingRecord = { busy: 0x80000000, discarded: 0x40000000, headerBytes: 8 } as const
