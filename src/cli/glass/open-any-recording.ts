/** Opens what a user calls a recording. */
import { RecordingError } from '../../record/recording-format.ts'
import { openRecording, type RecordingReader } from '../../record/recording-reader.ts'
import { errorText } from '../resolve-program.ts'
import { CommandEnd } from './words.ts'

/**
 * Opens a recording, or a log of gVisor's or strace's, which is taken for a recording of what it tells. Rejects with a RecordingError, or a CommandEnd where
 * there is no such file, or it is not ours to read.
 *
 * @param name the path as messages have it
 */
export async function openAnyRecording(path: Buffer, name = String(path)): Promise<RecordingReader> {
  try {
    return openRecording(path)
  } catch (error) {
    if (error instanceof RecordingError) {
      // Few are logs, and a start with a recording does without what reads those.
      const { logKind, openLog } = await import('../../import/open-log.ts')
      const kind = logKind(path)
      if (kind !== null) return openLog(path, kind)
      throw error
    }
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new CommandEnd(`Can't open '${name}': ${errorText(error)}`)
  }
}
