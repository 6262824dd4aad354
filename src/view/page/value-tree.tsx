/** Decoded values as a tree that folds: what `--format=json` has, a line a value. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { visible } from './shown-text.ts'

/** Entries that are shown of a list before one asks for more. */
const atOnce = 100
/** Deeper trees start folded, and hostile ones cannot make the page call itself without end. */
const openTo = 3

type Branch = Record<string, unknown> | unknown[]
const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null

export function ValueTree({ value, label }: { value: unknown; label: string }): JSX.Element {
  return (
    <div class="values" role="tree" aria-label={label} onKeyDown={moveFocus}>
      {isBranch(value) ? <Entries value={value} level={1} /> : <Leaf value={value} />}
    </div>
  )
}

function Entries({ value, level }: { value: Branch; level: number }): JSX.Element {
  const [count, setCount] = useState(atOnce)
  const entries = Object.entries(value)
  return (
    <>
      {entries.slice(0, count).map(([name, inner]) => (
        <Entry key={name} name={name} value={inner} level={level} />
      ))}
      {entries.length > count && (
        <button type="button" class="quiet" onClick={() => setCount(count * 10)}>
          {entries.length - count} more
        </button>
      )}
    </>
  )
}

function Entry({ name, value, level }: { name: string; value: unknown; level: number }): JSX.Element {
  const [open, setOpen] = useState(level < openTo)
  const indent = { paddingLeft: `${Math.min(level - 1, 20) * 12}px` }
  const short = isBranch(value) ? oneLine(value) : null
  if (!isBranch(value) || short !== null)
    return (
      <div class="value" role="treeitem" aria-level={level} tabIndex={-1} style={indent}>
        <span class="fold" />
        <span class="value-name">{visible(name)}</span>
        {short !== null ? <span class="value-text">{visible(short)}</span> : <Leaf value={value} />}
      </div>
    )
  return (
    <div role="treeitem" aria-level={level} aria-expanded={open} tabIndex={-1}>
      <div class="value" style={indent}>
        <button
          type="button"
          class="fold"
          aria-label={`${open ? 'Fold' : 'Unfold'} ${visible(name)}`}
          onClick={() => setOpen(!open)}
        >
          {open ? '\u25be' : '\u25b8'}
        </button>
        <span class="value-name">{visible(name)}</span>
        {!open && <span class="faint">{Array.isArray(value) ? `[${value.length}]` : '{\u2026}'}</span>}
      </div>
      {open && (
        <div role="group">
          <Entries value={value} level={level + 1} />
        </div>
      )}
    </div>
  )
}

/** Flags, and short lists of plain values, in one line; null for the rest. */
function oneLine(value: Branch): string | null {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    if (value.length > 16 || value.some(isBranch)) return null
    const text = value.map(String).join(', ')
    return text.length <= 80 ? `[${text}]` : null
  }
  const keys = Object.keys(value)
  if (keys.length === 0) return '{}'
  const { names } = value
  return Array.isArray(names) && names.every(name => typeof name === 'string') && keys.length <= 3
    ? names.join('|') || '0'
    : null
}

function Leaf({ value }: { value: unknown }): JSX.Element {
  const kind = value === null ? 'null' : typeof value
  const text = typeof value === 'string' ? `"${value}"` : String(value)
  return (
    <span class={`value-text ${kind}`}>
      {visible(text.length > 4000 ? `${text.slice(0, 4000)}\u2026` : text)}
    </span>
  )
}

/** Arrows go from value to value; left and right fold. */
function moveFocus(event: KeyboardEvent): void {
  const tree = event.currentTarget as HTMLElement
  const items = [...tree.querySelectorAll<HTMLElement>('[role=treeitem], .fold[aria-label]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  event.stopPropagation()
  items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus()
}
