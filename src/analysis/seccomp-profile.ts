/**
 * The calls of a recording as a seccomp profile of containers (Docker's and Podman's `--security-opt seccomp=FILE`, `linux.seccomp` of OCI's
 * runtime specification): what was called is allowed, and all else fails with EPERM.
 */
import { errnoNames } from '../abi/errno.ts'
import { RecordReader } from '../calls/record-reader.ts'
import { type ArchName, archNames } from '../record/layout.ts'
import { callName } from '../syscalls/index.ts'

const EPERM = errnoNames.indexOf('EPERM')
/** libseccomp's names. */
const architectures: { readonly [arch in ArchName]: string } = {
  amd64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
  i386: 'SCMP_ARCH_X86',
}

/** `record` takes records in order; `end` writes the profile. */
export class SeccompProfile {
  readonly #write: (bytes: Uint8Array) => void
  readonly #names = new Set<string>()
  readonly #archs = new Set<ArchName>()
  readonly #records = new RecordReader({
    call: ({ frame }) => {
      const name = callName(frame.arch, frame.sysno)
      // What has no name is in no kernel, or in a later one: no profile could say it.
      if (name === undefined) return
      this.#names.add(name)
      this.#archs.add(frame.arch)
    },
    other: () => {},
  })

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.#records.record(bytes, view, offset)
  }

  end(): void {
    this.#records.end()
    const profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: EPERM,
      // One entry for all: the names of a call are the same on each, and libseccomp leaves out what one lacks.
      architectures: archNames.filter(arch => this.#archs.has(arch)).map(arch => architectures[arch]),
      syscalls: [{ names: [...this.#names].sort(), action: 'SCMP_ACT_ALLOW' }],
    }
    this.#write(Buffer.from(`${JSON.stringify(profile, null, 2)}\n`))
  }
}
