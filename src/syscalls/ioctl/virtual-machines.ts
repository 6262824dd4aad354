/** KVM: /dev/kvm, machines that it makes, and their virtual CPUs, whose registers are each architecture's own. */
import * as sets from '../../abi/sets.ts'
import {
  array,
  byte,
  field,
  flags,
  growing,
  hex,
  hex32,
  inout,
  into,
  oneOf64,
  out,
  peek,
  plus,
  runsVirtualCpu,
  struct,
  times,
  uint,
  ulong,
  ushort,
} from '../../types/language.ts'

const cpuidEntry = struct('kvm_cpuid_entry2', {
  function: hex32,
  index: hex32,
  flags: flags(sets.kvm_cpuid_flags),
  eax: hex32,
  ebx: hex32,
  ecx: hex32,
  edx: hex32,
})
/** Entries follow the structure, 40 bytes each. Of those that it asks for the kernel tells how many there are. */
const cpuid = growing(
  'kvm_cpuid2',
  { nent: uint, entries: array(cpuidEntry, field('nent')) },
  plus(times(peek('argp'), 40), 8),
  8,
)

const segment = struct('kvm_segment', {
  base: hex,
  limit: uint,
  selector: ushort,
  type: byte,
  present: byte,
  dpl: byte,
  db: byte,
  s: byte,
  l: byte,
  g: byte,
  avl: byte,
})
const table = struct('kvm_dtable', { base: hex, limit: ushort })
const specialRegisters = struct('kvm_sregs', {
  cs: segment,
  ds: segment,
  es: segment,
  fs: segment,
  gs: segment,
  ss: segment,
  tr: segment,
  ldt: segment,
  gdt: table,
  idt: table,
  cr0: ulong,
  cr2: ulong,
  cr3: ulong,
  cr4: ulong,
  cr8: ulong,
  efer: ulong,
  apic_base: hex,
  interrupt_bitmap: array(hex, 4),
})
const registers = struct('kvm_regs', {
  rax: hex,
  rbx: hex,
  rcx: hex,
  rdx: hex,
  rsi: hex,
  rdi: hex,
  rsp: hex,
  rbp: hex,
  r8: hex,
  r9: hex,
  r10: hex,
  r11: hex,
  r12: hex,
  r13: hex,
  r14: hex,
  r15: hex,
  rip: hex,
  rflags: hex,
})
const memoryRegion = struct('kvm_userspace_memory_region', {
  slot: uint,
  flags: flags(sets.kvm_mem_flags),
  guest_phys_addr: hex,
  memory_size: ulong,
  userspace_addr: hex,
})

export const virtualMachineIoctls = {
  KVM_CHECK_EXTENSION: oneOf64(sets.kvm_cap),
  KVM_CREATE_VCPU: uint,
  KVM_RUN: runsVirtualCpu('fd'),
  KVM_SET_USER_MEMORY_REGION: into(memoryRegion),
  KVM_GET_SUPPORTED_CPUID: inout(cpuid),
  KVM_GET_EMULATED_CPUID: inout(cpuid),
  KVM_GET_CPUID2: inout(cpuid),
  KVM_SET_CPUID2: into(cpuid),
  KVM_GET_REGS: out(registers),
  KVM_SET_REGS: into(registers),
  KVM_GET_SREGS: out(specialRegisters),
  KVM_SET_SREGS: into(specialRegisters),
}
