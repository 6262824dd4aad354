/** A call in full: its name and end, when it was, both notations, its values, its memory. */
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { CallDetails, Memory, Row } from '../protocol.ts'
import { CallLine } from './call-line.tsx'
import { fromBase64, hexLines } from './hexdump.ts'
import { showCount, showDuration, showTime, visible } from './shown-text.ts'
import { ValueTree } from './value-tree.tsx'

export function CallHead({ details: { row, summary, manual } }: { details: CallDetails }): JSX.Element {
  return (
    <header>
      <h2>
        {visible(row.name)}
        {manual !== null && <span class="faint"> {visible(manual)}</span>}
        <span class={`outcome${row.outcome === 'failed' ? ' failed' : ''}`}>
          {visible(row.errno ?? row.outcome)}
        </span>
      </h2>
      {summary !== null && <p>{visible(summary)}</p>}
    </header>
  )
}

/** @param began milliseconds since 1970 at time 0; 0 where that is not known */
export function CallFacts({ row, began }: { row: Row; began: number }): JSX.Element {
  const wall = began > 0 ? new Date(began + row.time) : null
  return (
    <dl class="facts">
      <dt>began</dt>
      <dd>
        {showTime(row.time)} s
        {wall !== null && !Number.isNaN(wall.getTime()) && (
          <span class="faint"> {wall.toISOString().replace('T', ' ').replace('Z', ' UTC')}</span>
        )}
      </dd>
      <dt>took</dt>
      <dd>{row.duration === null ? 'no end seen' : showDuration(row.duration)}</dd>
      <dt>thread</dt>
      <dd>
        {visible(row.comm)}{' '}
        <span class="faint">{row.tid === row.pid ? row.pid : `${row.tid} of ${row.pid}`}</span>
      </dd>
      {row.path !== null && (
        <>
          <dt>path</dt>
          <dd class="wraps">{visible(row.path)}</dd>
        </>
      )}
    </dl>
  )
}

export function CallContent({
  details: { strace, gvisor, values, memory },
}: {
  details: CallDetails
}): JSX.Element {
  return (
    <>
      <Notation title="strace" text={strace}>
        <CallLine line={strace} />
      </Notation>
      <Notation title="gVisor" text={gvisor}>
        {gvisor.split('\n').map((line, i) => (
          <div key={i}>{visible(line)}</div>
        ))}
      </Notation>
      <Part title="Values">
        <ValueTree value={argumentsOf(values)} label="Decoded values" />
      </Part>
      {memory.map((range, i) => (
        <MemoryPart key={i} memory={range} />
      ))}
    </>
  )
}

/** What is said elsewhere in the panel needs no place in the tree. */
function argumentsOf(values: unknown): unknown {
  if (typeof values !== 'object' || values === null || !('args' in values)) return values
  const { args, result, ret, error } = values as Record<string, unknown>
  const outcome = Object.entries({ result, ret, error }).filter(([, value]) => value !== undefined)
  return typeof args === 'object' && args !== null && !Array.isArray(args)
    ? { ...args, ...Object.fromEntries(outcome.map(([name, value]) => [`= ${name}`, value])) }
    : values
}

function Part({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ComponentChildren
  children: ComponentChildren
}): JSX.Element {
  return (
    <section class="part">
      <h3>
        {title}
        {aside}
      </h3>
      {children}
    </section>
  )
}

function Notation({
  title,
  text,
  children,
}: {
  title: string
  text: string
  children: ComponentChildren
}): JSX.Element {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), 1500)
      },
      () => {},
    )
  }
  const button = (
    <button type="button" class="quiet" onClick={copy}>
      {copied ? 'copied' : 'copy'}
    </button>
  )
  return (
    <Part title={title} aside={button}>
      <pre class="notation">{children}</pre>
    </Part>
  )
}

/** Bytes that are shown before one asks for more. */
const firstBytes = 256

function MemoryPart({ memory }: { memory: Memory }): JSX.Element {
  const [bytes] = useState(() => fromBase64(memory.bytes))
  const [shown, setShown] = useState(firstBytes)
  const count =
    bytes.length < memory.total
      ? `${showCount(bytes.length)} of ${showCount(memory.total)}`
      : showCount(bytes.length)
  return (
    <Part title={visible(memory.name)} aside={<span class="faint">{count} bytes</span>}>
      <pre class="hex">
        {hexLines(bytes, memory.address, 0, shown).map(line => (
          <div key={line.address}>
            <span class="faint">{line.address}</span> {line.bytes} <span class="letters">{line.letters}</span>
          </div>
        ))}
      </pre>
      {shown < bytes.length && (
        <button type="button" class="quiet" onClick={() => setShown(Math.min(bytes.length, shown * 8))}>
          show more
        </button>
      )}
    </Part>
  )
}
