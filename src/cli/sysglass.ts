/** `sysglass`: strace's command line. */
import { earlyWorker } from './early-worker.ts'
import { runSysglass } from './run-sysglass.ts'
import { readStartContext } from './start-context.ts'

void runSysglass(readStartContext(), earlyWorker)
