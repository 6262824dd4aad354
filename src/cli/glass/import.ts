/** `glass import`: a log of strace's, or of gVisor's, as a recording. */
import { rmSync } from 'node:fs'
import { type LogKind, logKind, type OpenLog, openLog } from '../../import/open-log.ts'
import { RecordingWriter } from '../../record/recording-writer.ts'
import { descriptorSink, privateFileSink } from '../../sinks/byte-sink.ts'
import { errorText, isSameFile, pathBytes } from '../resolve-program.ts'
import type { StartContext } from '../start-context.ts'

/** Does what the words say; sets the exit status. */
export async function importLog({ argv0, words }: StartContext): Promise<void> {
  const say = (text: string): void =>
    descriptorSink(2).write(Buffer.from(`${argv0} import: ${text}\n`, 'latin1'))
  const fail = (text: string): void => {
    say(text)
    process.exitCode = 1
  }
  const rest = [...words]
  const at = rest.indexOf('-o')
  const output = at < 0 ? undefined : rest.splice(at, 2)[1]
  if (rest.length === 0 || output === undefined)
    return fail(`a log and -o FILE are needed\nTry '${argv0} import --help' for more information.`)
  const kinds = new Set<LogKind>()
  for (const log of rest)
    try {
      if (isSameFile(log, output)) return fail(`'${log}' is what is to be imported`)
      const kind = logKind(pathBytes(log))
      if (kind === null) return fail(`${log}: no line of strace's, or of gVisor's strace, in it`)
      kinds.add(kind)
    } catch (error) {
      return fail(`Can't open '${log}': ${errorText(error)}`)
    }
  const [kind] = kinds
  if (rest.length > 1 && (kinds.size > 1 || kind !== 'strace'))
    return fail('of several logs one recording is made only where strace -ff wrote them')
  let reader: OpenLog
  try {
    reader = openLog(rest.map(pathBytes), kind!)
  } catch (error) {
    return fail(errorText(error))
  }
  try {
    const sink = privateFileSink(pathBytes(output), false)
    const writer = new RecordingWriter(bytes => sink.write(bytes), reader.metadata)
    for (const { bytes, view, offset } of reader.records()) writer.record(bytes, view, offset)
    writer.end()
    await sink.close()
    const { lines, odd } = reader.counts
    say(`${lines} lines${odd === 0 ? '' : `, of which ${odd} have arguments that were not understood`}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    rmSync(pathBytes(output), { force: true })
    fail(`${output}: ${errorText(error)}`)
  }
}
