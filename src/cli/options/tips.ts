import { parseCount } from '../../filters/numbers.ts'
import type { Tips } from './options.ts'

const formats = ['none', 'compact', 'full'] as const

/** --tips=: which hint is shown, and how; as for timestamps, in either order and named or not. */
export function parseTips(text: string, before: Tips | null): Tips | null {
  let id: Tips['id'] = before?.id ?? 'random'
  let format: Tips['format'] = before === null || before.format === 'none' ? 'compact' : before.format
  for (const item of text.split(',')) {
    if (item === '') continue
    const [, name, value = ''] = /^(?:(format|id):)?(.*)$/is.exec(item)!
    const lower = value.toLowerCase()
    const newFormat = name?.toLowerCase() === 'id' ? undefined : formats.find(known => known === lower)
    const newId = name?.toLowerCase() === 'format' ? null : lower === 'random' ? lower : parseCount(value)
    if (newFormat === undefined && newId === null) return null
    format = newFormat ?? format
    id = newId ?? id
  }
  return { format, id }
}
