/** Abbreviations of the local time zone (`CET`, `CEST`), from the system's zone files; JavaScript knows only offsets. */
import { readFileSync } from 'node:fs'

interface Period {
  /** Seconds since the epoch. */
  readonly from: number
  /** Seconds east of Greenwich. */
  readonly east: number
  readonly name: string
}

let readFor: string | undefined
let periods: readonly Period[] = []

/** The name of the zone at a time when it is `east` seconds east of Greenwich; undefined when no file tells. */
export function zoneName(seconds: number, east: number): string | undefined {
  const zone = process.env.TZ ?? ''
  if (readFor !== zone) {
    readFor = zone
    periods = readZone(zone)
  }
  const before = periods.findLast(p => p.from <= seconds)
  if (before?.east === east) return before.name
  // Beyond the last change that the file lists, the rule goes on between the same names.
  return periods.findLast(p => p.east === east)?.name
}

/** Nothing where the zone has no readable file: then the offset stands for the name. */
function readZone(zone: string): readonly Period[] {
  const name = zone.replace(/^:/, '')
  if (name === 'UTC' || name.split('/').includes('..')) return []
  const path = name === '' ? '/etc/localtime' : name.startsWith('/') ? name : `/usr/share/zoneinfo/${name}`
  try {
    return parseZone(readFileSync(path))
  } catch {
    return []
  }
}

/** The second part of a zone file (RFC 8536), which has times of 64 bits. */
function parseZone(file: Buffer): readonly Period[] {
  if (file.toString('latin1', 0, 4) !== 'TZif' || file[4]! < 0x32) return []
  const counts = (at: number) =>
    ['utc', 'std', 'leap', 'time', 'type', 'char'].map((_, i) => file.readUInt32BE(at + 20 + i * 4))
  const [utc = 0, std = 0, leap = 0, time = 0, type = 0, char = 0] = counts(0)
  const second = 44 + time * 5 + type * 6 + char + leap * 8 + std + utc
  const [, , , times = 0, types = 0, chars = 0] = counts(second)
  const timesAt = second + 44
  const indexesAt = timesAt + times * 8
  const typesAt = indexesAt + times
  const namesAt = typesAt + types * 6
  const period = (from: number, index: number): Period => {
    const at = typesAt + index * 6
    const nameAt = namesAt + file[at + 5]!
    const end = file.indexOf(0, nameAt)
    if (index >= types || end < 0 || end > namesAt + chars) throw new RangeError('zone file')
    return { from, east: file.readInt32BE(at), name: file.toString('latin1', nameAt, end) }
  }
  const first = period(Number.NEGATIVE_INFINITY, 0)
  return [
    first,
    ...Array.from({ length: times }, (_, i) =>
      period(Number(file.readBigInt64BE(timesAt + i * 8)), file[indexesAt + i]!),
    ),
  ]
}
