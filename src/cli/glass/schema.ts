/** `glass schema`: the JSON schema of --format=json. */
import { makeSchema } from '../../dialects/json/schema.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'

/** Prints the schema. */
export function schema(): void {
  descriptorSink(1).write(Buffer.from(`${JSON.stringify(makeSchema(), null, 2)}\n`))
}
