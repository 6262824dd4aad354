/** `glass export --to otlp`: spans to a collector, or into a file. */
import { type Attribute, OtlpSpans, type Span } from '../../analysis/otlp-spans.ts'
import { parseDuration } from '../../filters/numbers.ts'
import { RecordingError } from '../../record/recording-format.ts'
import { descriptorSink, fileSink } from '../../sinks/byte-sink.ts'
import { OtlpError, OtlpSender } from '../../sinks/otlp-sender.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { CommandEnd } from './words.ts'

export interface OtlpWishes {
  readonly file: string
  readonly output: string | undefined
  readonly endpoint: string | undefined
  readonly header: readonly string[]
  readonly minDuration: string | undefined
  readonly most: string | undefined
}

declare const __VERSION__: string | undefined
const version = typeof __VERSION__ === 'string' ? __VERSION__ : 'source'

/** Spans of a request. */
const batch = 512
const patience = 60_000
const defaultMost = 100_000

/** Sends or writes what the words say. */
export async function exportSpans(name: string, wishes: OtlpWishes): Promise<void> {
  const { file, output, minDuration = '0', most = String(defaultMost) } = wishes
  const least = parseDuration(minDuration)
  if (least === null)
    throw new CommandEnd(`--min-duration: '${minDuration}' is not a time as 100us, 5ms or 1s`)
  if (!/^\d{1,9}$/.test(most)) throw new CommandEnd(`--most: '${most}' is not a number`)
  const reader = await openAnyRecording(Buffer.from(file))
  const sender = output === undefined ? senderOf(wishes) : null
  const sink =
    output === undefined ? null : output === '-' ? descriptorSink(1) : fileSink(Buffer.from(output), false)
  const waiting: { span: Span; resource: readonly Attribute[] }[] = []
  const flush = async (): Promise<void> => {
    const body = bodyOf(waiting.splice(0, batch))
    sink?.write(Buffer.from(`${JSON.stringify(body)}\n`))
    try {
      await sender?.send(body)
    } catch (error) {
      throw error instanceof OtlpError ? new CommandEnd(error.message) : error
    }
  }
  const spans = new OtlpSpans({ least, most: Number(most) }, reader.metadata, (span, resource) => {
    waiting.push({ span, resource })
  })
  let problem: unknown
  try {
    for (const { bytes, view, offset } of reader.records()) {
      spans.record(bytes, view, offset)
      while (waiting.length >= batch) await flush()
    }
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    problem = error
  }
  spans.end()
  while (waiting.length > 0) await flush()
  await sink?.close()
  const say = (text: string): void => descriptorSink(2).write(Buffer.from(`${name}: ${text}\n`))
  if (spans.leftOut > 0)
    say(
      `${spans.leftOut} calls left out, beyond the first ${most}: --min-duration chooses, --most allows more`,
    )
  if (sender !== null && sender.rejected > 0)
    throw new CommandEnd(
      `${sender.rejected} spans were rejected${sender.reason === '' ? '' : `: ${sender.reason}`}`,
    )
  if (problem !== undefined) throw problem
}

function senderOf({ endpoint, header }: OtlpWishes): OtlpSender {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = process.env
  const given = endpoint ?? traces ?? base
  if (given === undefined)
    throw new CommandEnd('where to? --endpoint http://HOST:4318, or -o FILE; or OTEL_EXPORTER_OTLP_ENDPOINT')
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw new CommandEnd(`--endpoint: '${given}' is no URL`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new CommandEnd(`--endpoint: '${given}' is not http:// or https://`)
  // The variable for traces alone is the whole address; the others are where the paths of all signals begin.
  const isWhole = endpoint === undefined && traces !== undefined
  if (!isWhole && !url.pathname.endsWith('/v1/traces'))
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`
  const fromEnvironment = (process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '')
    .split(',')
    .filter(pair => pair !== '')
  const headers: { [name: string]: string } = {}
  for (const pair of [...fromEnvironment, ...header]) {
    const [, key, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*[=:]\s*([\x20-\x7e]*)$/.exec(pair) ?? []
    if (key === undefined || value === undefined)
      throw new CommandEnd(`--header: '${pair}' is not NAME=VALUE`)
    headers[key] = value
  }
  return new OtlpSender({ url: url.href, headers, patience })
}

/** A request: spans of one process stand together. */
function bodyOf(
  waiting: readonly { readonly span: Span; readonly resource: readonly Attribute[] }[],
): unknown {
  const byResource = new Map<string, { resource: readonly Attribute[]; spans: Span[] }>()
  for (const { span, resource } of waiting) {
    const key = JSON.stringify(resource)
    const group = byResource.get(key)
    if (group === undefined) byResource.set(key, { resource, spans: [span] })
    else group.spans.push(span)
  }
  const scope = { name: 'sysglass', version }
  return {
    resourceSpans: [...byResource.values()].map(({ resource, spans }) => ({
      resource: { attributes: resource },
      scopeSpans: [{ scope, spans }],
    })),
  }
}
