/** `glass record`: sysglass with --format=recording. */
import { runSysglass } from '../run-sysglass.ts'
import type { StartContext } from '../start-context.ts'

/** Records what `context.words` say, and ends the process. */
export const record = (context: StartContext): Promise<never> =>
  runSysglass({ ...context, words: ['--format=recording', ...context.words] })
