/** bpf: maps, programs, links and type information. What the attributes are hangs on the command. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  bytes,
  call,
  chars,
  cstring,
  fd,
  field,
  flags,
  flags64,
  growing,
  has,
  hex,
  hex32,
  inoutAlways,
  int,
  into,
  is,
  oneOf,
  oneOf64,
  out,
  path,
  pid,
  select,
  struct,
  syscalls,
  type Type,
  uint,
  ulong,
  when,
} from '../types/language.ts'

/** The kernel takes what is not there for zero, so that any size will do. */
const attributes = <const F extends { readonly [name: string]: Type<unknown> }>(fields: F) =>
  growing('bpf_attr', fields, arg('size'), 1)

const name = chars()
const attachType = oneOf(sets.bpf_attach_type)
const openFlags = flags(sets.bpf_file_mode_flags)
const lookUpFlags = flags64(sets.bpf_map_lookup_elem_flags)
const text = into(cstring)

const mapCreate = attributes({
  map_type: oneOf(sets.bpf_map_types),
  key_size: uint,
  value_size: uint,
  max_entries: uint,
  map_flags: flags(sets.bpf_map_flags),
  inner_map_fd: fd,
  numa_node: when(has(field('map_flags'), 'BPF_F_NUMA_NODE'), uint),
  map_name: name,
  map_ifindex: uint,
  btf_fd: fd,
  btf_key_type_id: uint,
  btf_value_type_id: uint,
  btf_vmlinux_value_type_id: uint,
  map_extra: ulong,
})
const element = { map_fd: fd, key: address }
const lookUp = attributes({ ...element, value: address, flags: lookUpFlags })
const batch = {
  'batch.count': uint,
  'batch.map_fd': fd,
  'batch.elem_flags': lookUpFlags,
  'batch.flags': hex,
}
const cursors = { 'batch.in_batch': address, 'batch.out_batch': address }
const keys = { 'batch.keys': address }
const values = { 'batch.values': address }
const lookUpBatch = attributes({ ...cursors, ...keys, ...values, ...batch })

const instruction = struct('bpf_insn', { code: hex32, dst_reg: uint, src_reg: uint, off: int, imm: hex32 })
const progLoad = attributes({
  prog_type: oneOf(sets.bpf_prog_types),
  insn_cnt: uint,
  insns: into(array(instruction, field('insn_cnt'))),
  license: text,
  log_level: uint,
  log_size: uint,
  log_buf: into(bytes(field('log_size'))),
  kern_version: hex32,
  prog_flags: flags(sets.bpf_prog_flags),
  prog_name: name,
  prog_ifindex: uint,
  expected_attach_type: attachType,
  prog_btf_fd: fd,
  func_info_rec_size: uint,
  func_info: address,
  func_info_cnt: uint,
  line_info_rec_size: uint,
  line_info: address,
  line_info_cnt: uint,
  attach_btf_id: uint,
  attach_prog_fd: fd,
  fd_array: address,
})
const object = attributes({ pathname: path, bpf_fd: fd, file_flags: openFlags })
const target = { target_fd: fd }
const nextId = attributes({ start_id: uint, next_id: uint, open_flags: openFlags })

const testRun = attributes({
  'test.prog_fd': fd,
  'test.retval': uint,
  'test.data_size_in': uint,
  'test.data_size_out': uint,
  'test.data_in': address,
  'test.data_out': address,
  'test.repeat': uint,
  'test.duration': uint,
  'test.ctx_size_in': uint,
  'test.ctx_size_out': uint,
  'test.ctx_in': address,
  'test.ctx_out': address,
  'test.flags': flags(sets.bpf_test_run_flags),
  'test.cpu': uint,
  'test.batch_size': uint,
})
const query = attributes({
  'query.target_fd': fd,
  'query.attach_type': attachType,
  'query.query_flags': flags(sets.bpf_query_flags),
  'query.attach_flags': flags(sets.bpf_attach_flags),
  'query.prog_ids': out(array(uint, field('query.prog_cnt'))),
  'query.prog_cnt': uint,
})
const taskQuery = attributes({
  'task_fd_query.pid': pid,
  'task_fd_query.fd': fd,
  'task_fd_query.flags': uint,
  'task_fd_query.buf_len': uint,
  'task_fd_query.buf': into(bytes(field('task_fd_query.buf_len'))),
  'task_fd_query.prog_id': uint,
  'task_fd_query.fd_type': oneOf(sets.bpf_task_fd_type),
  'task_fd_query.probe_offset': hex,
  'task_fd_query.probe_addr': hex,
})

const linkType = field('link_create.attach_type')
const linkCreate = attributes({
  'link_create.prog_fd': fd,
  'link_create.target_fd': fd,
  'link_create.attach_type': attachType,
  'link_create.flags': hex32,
  'link_create.target_btf_id': when(is(linkType, 'BPF_CGROUP_INET_INGRESS'), uint),
  'link_create.iter_info': when(
    is(linkType, 'BPF_TRACE_ITER'),
    into(array(fd, field('link_create.iter_info_len'))),
  ),
  'link_create.iter_info_len': when(is(linkType, 'BPF_TRACE_ITER'), uint),
  'link_create.perf_event.bpf_cookie': when(is(linkType, 'BPF_PERF_EVENT'), hex),
  'link_create.kprobe_multi.flags': when(
    is(linkType, 'BPF_TRACE_KPROBE_MULTI'),
    flags(sets.bpf_link_create_kprobe_multi_flags),
  ),
  'link_create.kprobe_multi.cnt': when(is(linkType, 'BPF_TRACE_KPROBE_MULTI'), uint),
  'link_create.kprobe_multi.syms': when(
    is(linkType, 'BPF_TRACE_KPROBE_MULTI'),
    into(array(text, field('link_create.kprobe_multi.cnt'))),
  ),
  'link_create.kprobe_multi.addrs': when(
    is(linkType, 'BPF_TRACE_KPROBE_MULTI'),
    into(array(hex, field('link_create.kprobe_multi.cnt'))),
  ),
  'link_create.kprobe_multi.cookies': when(
    is(linkType, 'BPF_TRACE_KPROBE_MULTI'),
    into(array(hex, field('link_create.kprobe_multi.cnt'))),
  ),
})
const linkUpdate = attributes({
  'link_update.link_fd': fd,
  'link_update.new_prog_fd': fd,
  'link_update.flags': flags(sets.bpf_attach_flags),
  'link_update.old_prog_fd': when(has(field('link_update.flags'), 'BPF_F_REPLACE'), fd),
})

/** Commands that make or find something return its descriptor. */
const made = select(
  'cmd',
  {
    BPF_MAP_CREATE: fd,
    BPF_PROG_LOAD: fd,
    BPF_OBJ_GET: fd,
    BPF_PROG_GET_FD_BY_ID: fd,
    BPF_MAP_GET_FD_BY_ID: fd,
    BPF_BTF_GET_FD_BY_ID: fd,
    BPF_LINK_GET_FD_BY_ID: fd,
    BPF_RAW_TRACEPOINT_OPEN: fd,
    BPF_BTF_LOAD: fd,
    BPF_LINK_CREATE: fd,
    BPF_ENABLE_STATS: fd,
    BPF_ITER_CREATE: fd,
    BPF_TOKEN_CREATE: fd,
  },
  int,
)

export const bpfCalls = syscalls({
  bpf: call(
    {
      cmd: oneOf(sets.bpf_commands),
      attr: select(
        'cmd',
        {
          BPF_MAP_CREATE: into(mapCreate),
          BPF_MAP_LOOKUP_ELEM: into(lookUp),
          BPF_MAP_LOOKUP_AND_DELETE_ELEM: into(lookUp),
          BPF_MAP_UPDATE_ELEM: into(
            attributes({ ...element, value: address, flags: oneOf64(sets.bpf_map_update_elem_flags) }),
          ),
          BPF_MAP_DELETE_ELEM: into(attributes(element)),
          BPF_MAP_GET_NEXT_KEY: into(attributes({ ...element, next_key: address })),
          BPF_MAP_FREEZE: into(attributes({ map_fd: fd })),
          BPF_MAP_LOOKUP_BATCH: into(lookUpBatch),
          BPF_MAP_LOOKUP_AND_DELETE_BATCH: into(lookUpBatch),
          BPF_MAP_UPDATE_BATCH: into(attributes({ ...keys, ...values, ...batch })),
          BPF_MAP_DELETE_BATCH: into(attributes({ ...keys, ...batch })),
          BPF_PROG_LOAD: into(progLoad),
          BPF_PROG_ATTACH: into(
            attributes({
              ...target,
              attach_bpf_fd: fd,
              attach_type: attachType,
              attach_flags: flags(sets.bpf_attach_flags),
              replace_bpf_fd: fd,
            }),
          ),
          BPF_PROG_DETACH: into(attributes({ ...target, attach_type: attachType })),
          BPF_PROG_TEST_RUN: into(testRun),
          BPF_PROG_QUERY: inoutAlways(query),
          BPF_OBJ_PIN: into(object),
          BPF_OBJ_GET: into(object),
          BPF_OBJ_GET_INFO_BY_FD: inoutAlways(
            attributes({ 'info.bpf_fd': fd, 'info.info_len': uint, 'info.info': address }),
          ),
          BPF_PROG_GET_NEXT_ID: inoutAlways(nextId),
          BPF_MAP_GET_NEXT_ID: inoutAlways(nextId),
          BPF_BTF_GET_NEXT_ID: inoutAlways(nextId),
          BPF_LINK_GET_NEXT_ID: inoutAlways(nextId),
          BPF_PROG_GET_FD_BY_ID: into(attributes({ prog_id: uint, next_id: uint, open_flags: openFlags })),
          BPF_MAP_GET_FD_BY_ID: into(attributes({ map_id: uint, next_id: uint, open_flags: openFlags })),
          BPF_BTF_GET_FD_BY_ID: into(attributes({ btf_id: uint })),
          BPF_LINK_GET_FD_BY_ID: into(attributes({ link_id: uint })),
          BPF_RAW_TRACEPOINT_OPEN: into(
            attributes({ 'raw_tracepoint.name': text, 'raw_tracepoint.prog_fd': fd }),
          ),
          BPF_BTF_LOAD: into(
            attributes({
              btf: into(bytes(field('btf_size'))),
              btf_log_buf: address,
              btf_size: uint,
              btf_log_size: uint,
              btf_log_level: uint,
            }),
          ),
          BPF_TASK_FD_QUERY: inoutAlways(taskQuery),
          BPF_LINK_CREATE: into(linkCreate),
          BPF_LINK_UPDATE: into(linkUpdate),
        },
        address,
      ),
      size: uint,
    },
    made,
  ),
})
