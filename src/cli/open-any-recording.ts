/** Opens what a user calls a recording. */
import { isRunscLog, openRunscLog } from '../import/open-runsc-log.ts'
import { RecordingError } from '../record/recording-format.ts'
import { openRecording, type RecordingReader } from '../record/recording-reader.ts'
import { errorText } from './resolve-program.ts'

/** There is no such file, or it is not ours to read. */
export class CannotOpen extends Error {}

/** Opens a recording, or a log of gVisor's, which is taken for a recording of what it tells. Throws a RecordingError or CannotOpen. */
export function openAnyRecording(path: Buffer): RecordingReader {
  try {
    return openRecording(path)
  } catch (error) {
    if (error instanceof RecordingError && isRunscLog(path)) return openRunscLog(path)
    if (error instanceof RecordingError || (error as NodeJS.ErrnoException).code === undefined) throw error
    throw new CannotOpen(`Can't open '${path}': ${errorText(error)}`)
  }
}
