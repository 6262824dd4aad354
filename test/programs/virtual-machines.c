/* ioctls of virtual machines that are not there: what a program gives is shown, what it would be told is not. */
#include "calls.h"
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>

int main(void) {
  struct kvm_userspace_memory_region region = {1, KVM_MEM_READONLY | 8, 0x1000, 4096, 0x7fff00000000};
  call(ioctl, -1, KVM_GET_API_VERSION, 0), call(ioctl, -1, KVM_CREATE_VM, 0), call(ioctl, -1, KVM_CREATE_VM, 1), call(ioctl, -1, KVM_CREATE_VCPU, 3), call(ioctl, -1, KVM_GET_VCPU_MMAP_SIZE, 0), call(ioctl, -1, KVM_RUN, 0);
  call(ioctl, -1, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY), call(ioctl, -1, KVM_CHECK_EXTENSION, 0), call(ioctl, -1, KVM_CHECK_EXTENSION, 5), call(ioctl, -1, KVM_CHECK_EXTENSION, 0xffff);
  call(ioctl, -1, KVM_SET_USER_MEMORY_REGION, &region), region.flags = 0, region.slot = -1, call(ioctl, -1, KVM_SET_USER_MEMORY_REGION, &region), call(ioctl, -1, KVM_SET_USER_MEMORY_REGION, 0), call(ioctl, -1, KVM_SET_USER_MEMORY_REGION, WILD);
#ifdef __x86_64__
  struct kvm_regs regs = {.rax = 1, .rbx = -1, .rsp = 0x8000, .rip = 0x1000, .rflags = 2};
  struct kvm_sregs sregs = {.cs = {0xffff0000, 65535, 61440, 11, 1, 3, 0, 1}, .tr = {.type = 2}, .gdt = {0x10, 0x7f}, .cr0 = 0x60000010, .cr4 = 7, .efer = 0x500, .apic_base = 0xfee00900, .interrupt_bitmap = {1, 0, 2}};
  struct { struct kvm_cpuid2 head; struct kvm_cpuid_entry2 entries[40]; } cpuid = {.head.nent = 2, .entries = {{0, 0, 0, 13, 0x756e6547, 0x6c65746e, 0x49656e69}, {7, 1, KVM_CPUID_FLAG_SIGNIFCANT_INDEX | 8, 1, 2, 3, -1}}};
  call(ioctl, -1, KVM_SET_REGS, &regs), call(ioctl, -1, KVM_GET_REGS, &regs), call(ioctl, -1, KVM_SET_REGS, WILD), call(ioctl, -1, KVM_SET_SREGS, &sregs), call(ioctl, -1, KVM_GET_SREGS, &sregs), call(ioctl, -1, KVM_SET_SREGS, 0);
  call(ioctl, -1, KVM_SET_CPUID2, &cpuid), call(ioctl, -1, KVM_GET_SUPPORTED_CPUID, &cpuid), call(ioctl, -1, KVM_GET_EMULATED_CPUID, &cpuid), call(ioctl, -1, KVM_GET_CPUID2, &cpuid), cpuid.head.nent = 0, call(ioctl, -1, KVM_SET_CPUID2, &cpuid), cpuid.head.nent = 40, call(ioctl, -1, KVM_SET_CPUID2, &cpuid), call(ioctl, -1, KVM_SET_CPUID2, 0), call(ioctl, -1, KVM_SET_CPUID2, WILD);
#endif
  return 0;
}
