// What a C type of the facts means to a decoder: signed, a pointer, a struct, an array of one of these.
import { type Arch, type FieldFacts, facts, type StructsFacts } from './facts.ts'

export interface CType {
  signed?: true
  pointer?: true
  /** Name of a struct or union; '' for one without a name of its own. */
  struct?: string
  /** Product of the dimensions; 0 for a flexible array. Missing unless it is an array. */
  count?: number
}

const scalar: Record<string, { size: number; signed?: true }> = {
  char: { size: 1 }, // text: its sign is the architecture's whim
  'signed char': { size: 1, signed: true },
  'unsigned char': { size: 1 },
  'short int': { size: 2, signed: true },
  'short unsigned int': { size: 2 },
  int: { size: 4, signed: true },
  'unsigned int': { size: 4 },
  'long int': { size: 8, signed: true },
  'long unsigned int': { size: 8 },
  'long long int': { size: 8, signed: true },
  'long long unsigned int': { size: 8 },
  '__int128 unsigned': { size: 16 },
  int8_t: { size: 1, signed: true },
  int16_t: { size: 2, signed: true },
  int32_t: { size: 4, signed: true },
  int64_t: { size: 8, signed: true },
  uint8_t: { size: 1 },
  uint16_t: { size: 2 },
  uint32_t: { size: 4 },
  uint64_t: { size: 8 },
  size_t: { size: 8 },
  float: { size: 4 },
  double: { size: 8 },
}

interface Resolved extends CType {
  size: number
}

export function resolve(field: FieldFacts, arch: Arch): CType {
  return resolveType(field.type, arch)
}

/** Size of one element of an array; the facts give that of the whole. */
export function elementSize(field: FieldFacts, arch: Arch): number {
  const { count, size } = resolveType(field.type, arch)
  return count ? field.size / count : size
}

function resolveType(written: string, arch: Arch): Resolved {
  const type = written.replace(/\b(const|volatile)\b ?/g, '').trim()
  const dimensions = /^(.*?) ?((?:\[\d*\])+)$/.exec(type)
  if (dimensions) {
    const counts = dimensions[2]!.slice(1, -1).split('][')
    const element = resolveType(dimensions[1]!, arch)
    const count = counts.reduce((product, text) => product * Number(text || 0), element.count ?? 1)
    return { ...element, count }
  }
  if (type.endsWith('*') || type.includes('(*)')) return { size: arch === 'i386' ? 4 : 8, pointer: true }
  const tagged = /^(struct|union|enum)\b ?(.*)$/.exec(type)
  if (tagged?.[1] === 'enum') return { size: 4 }
  const { structs, typedefs } = facts<StructsFacts>('structs.json')
  const name = tagged ? tagged[2]! : type
  const typedef = tagged ? undefined : typedefs[name]
  if (typedef && !/^(struct|union) $/.test(typedef.type)) {
    return resolveType((arch === 'amd64' ? undefined : typedef[arch])?.type ?? typedef.type, arch)
  }
  const struct = structs[name]
  if (struct) {
    return { size: (arch === 'amd64' ? undefined : struct[arch])?.size ?? struct.size, struct: name }
  }
  if (tagged) return { size: 0, struct: name }
  const known = scalar[type]
  if (!known) return { size: 0 }
  const narrow = arch === 'i386' && /^long (unsigned )?int$|^size_t$/.test(type)
  return narrow ? { ...known, size: 4 } : known
}
