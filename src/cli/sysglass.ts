/** `sysglass`: strace's command line. */
import { runSysglass } from './run-sysglass.ts'
import { readStartContext } from './start-context.ts'

void runSysglass(readStartContext())
