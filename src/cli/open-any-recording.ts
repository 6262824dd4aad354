/** Opens what a user calls a recording. */
import { logKind, openLog } from '../import/open-log.ts'
import { RecordingError } from '../record/recording-format.ts'
import { openRecording, type RecordingReader } from '../record/recording-reader.ts'
import { CommandEnd } from './glass-words.ts'
import { errorText } from './resolve-program.ts'

/**
 * Opens a recording, or a log of gVisor's or strace's, which is taken for a recording of what it tells. Throws a RecordingError, or a CommandEnd where
 * there is no such file, or it is not ours to read.
 *
 * @param name the path as messages have it
 */
export function openAnyRecording(path: Buffer, name = String(path)): RecordingReader {
  try {
    return openRecording(path)
  } catch (error) {
    const kind = error instanceof RecordingError ? logKind(path) : null
    if (kind !== null) return openLog(path, kind)
    if (error instanceof RecordingError || (error as NodeJS.ErrnoException).code === undefined) throw error
    throw new CommandEnd(`Can't open '${name}': ${errorText(error)}`)
  }
}
