/** Requests whose arguments strace 6.1 writes as a number, though the table knows what they are. */
import type { Printer } from '../print.ts'
import { hexNumber } from '../scalars.ts'
import type { ShownIoctls } from './shown.ts'

const number: Printer = (out, frame, at) => hexNumber(out, frame, at, 8)

const requests = [
  'FIOQSIZE',
  'TIOCGPKT',
  'TIOCGPTLCK',
  'SIOCPROTOPRIVATE',
  'SIOCDEVPRIVATE',
  'UFFDIO_WRITEPROTECT',
  'UFFDIO_CONTINUE',
  'UFFDIO_POISON',
  'KVM_GET_CPUID2',
  'WDIOC_GETSUPPORT',
  'WDIOC_SETOPTIONS',
]

export const undecoded: ShownIoctls = Object.fromEntries(
  requests.map(name => [name, () => ({ print: number })]),
)
