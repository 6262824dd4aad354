/** `glass schema`: the JSON schema of --format=json. */
import { descriptorSink } from '../sinks/byte-sink.ts'

/** Prints the schema. */
export async function schema(): Promise<void> {
  descriptorSink(2).write(Buffer.from('glass: no schema yet\n'))
  process.exitCode = 1
}
