/** Why virtual CPUs of KVM stop (-e kvm=vcpu), as strace tells it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { scratch, type Tracer, trace } from './tracers.ts'

/** Starts a virtual CPU in real mode, at an instruction that writes to a port, and then at one that halts. */
const source = `
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
int main(void) {
  int kvm = open("/dev/kvm", O_RDWR), vm = ioctl(kvm, KVM_CREATE_VM, 0), cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  char *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  memcpy(code, "\\xe6\\x10\\xf4", 3);
  struct kvm_userspace_memory_region memory = {.memory_size = 4096, .userspace_addr = (unsigned long)code};
  ioctl(vm, KVM_SET_USER_MEMORY_REGION, &memory);
  mmap(0, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
  struct kvm_sregs special;
  ioctl(cpu, KVM_GET_SREGS, &special), special.cs.base = special.cs.selector = 0, ioctl(cpu, KVM_SET_SREGS, &special);
  struct kvm_regs registers = {.rflags = 2};
  ioctl(cpu, KVM_SET_REGS, &registers);
  ioctl(cpu, KVM_RUN, 0), ioctl(cpu, KVM_RUN, 0), ioctl(kvm, KVM_RUN, 0);
}`

/** Why there is no virtual CPU here; false where there is. */
function noKvm(): string | false {
  if (process.arch !== 'x64') return 'the program is for x86-64'
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return false
  } catch {
    return 'no /dev/kvm that may be used'
  }
}

test('-e kvm=vcpu', { skip: oracleMissing() ?? noKvm(), timeout: 120_000 }, async () => {
  const file = join(scratch, 'vcpu')
  writeFileSync(`${file}.c`, source)
  execFileSync('cc', ['-O1', '-w', '-o', file, `${file}.c`])
  const told = async (tracer: Tracer, ...options: string[]) =>
    (await trace(tracer, ['-e', 'trace=ioctl', '-a0', ...options], [file])).text
      .split('\n')
      .filter(line => line.includes('KVM_RUN'))
  const [theirs, ours] = [
    await told('strace', '-e', 'kvm=vcpu'),
    await told('sysglass', '--seccomp-bpf', '-f', '-e', 'kvm=vcpu'),
  ]
  assert.match(theirs.join('\n'), /KVM_EXIT_IO.*KVM_EXIT_HLT/s)
  assert.deepEqual(
    ours.map(line => line.replace(/^\d+ +/, '')),
    theirs,
  )
  assert.equal((await told('sysglass')).join('\n').includes('KVM_EXIT'), false)
})
