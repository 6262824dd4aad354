/** A JSON schema of what json-printer.ts writes, made from the table. */
import { errnoNames } from '../../abi/errno.ts'
import { signalNames } from '../../abi/signals.ts'
import { archNames } from '../../record/layout.ts'
import { table } from '../../syscalls/index.ts'
import type { Call, NameSet, Node } from '../../types/language.ts'
import { commonDefinitions, eventDefinitions } from './schema-common.ts'
import { anyOf, nullable, object, ref, type Schema } from './schema-parts.ts'

/** The schema of one line of `--format=json`. */
export function makeSchema(): Schema {
  const sets: { [name: string]: Schema } = {}
  const calls = Object.entries(table as { readonly [name: string]: Call }).map(([name, declaration]) => [
    `call.${name}`,
    callSchema(declaration, sets),
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sysglass --format=json',
    description:
      'One line of output. Numbers beyond 2^53 stand in quotes. Text that is not UTF-8 is an object with its bytes in base64.',
    anyOf: [ref('call'), ...Object.keys(eventDefinitions).map(ref)],
    $defs: {
      call: callDefinition(Object.keys(table)),
      ...eventDefinitions,
      ...commonDefinitions,
      errno: { anyOf: [{ enum: errnoNames.filter(n => n !== undefined) }, { type: 'integer' }] },
      signal: {
        anyOf: [
          { enum: [...signalNames.filter(n => n !== undefined), 'SIGIO', 'SIGRTMIN'] },
          { type: 'string', pattern: '^SIGRT_[0-9]+$' },
          { type: 'integer' },
        ],
      },
      ...sets,
      ...Object.fromEntries(calls),
    },
  }
}

/** What all calls have; what is a call's own stands in `call.NAME`. */
function callDefinition(names: readonly string[]): Schema {
  return {
    description: 'A system call, when it has returned or its thread has ended in it.',
    type: 'object',
    properties: {
      kind: { const: 'call' },
      name: { type: 'string' },
      pid: ref('pid'),
      tid: ref('pid'),
      comm: ref('text'),
      time: ref('time'),
      args: { type: 'object' },
      outcome: { enum: ['returned', 'failed', 'unfinished'] },
      errno: nullable(ref('errno')),
      result: {
        description: 'The number that came back, -errno of a call that failed.',
        ...nullable(ref('integer')),
      },
      returns: { description: 'The result by its meaning; null when the call did not succeed.' },
      duration: { description: 'Milliseconds.', type: ['number', 'null'] },
      arch: { enum: archNames },
      sysno: { type: 'integer' },
      truncated: { description: 'A string, buffer or list is not all there.', const: true },
      tampered: { description: 'The call was not made, or changed, on request.', const: true },
    },
    required: ['kind', 'name', 'pid', 'tid', 'comm', 'time', 'args', 'outcome', 'errno', 'result', 'returns'],
    additionalProperties: false,
    // A condition each, since a choice among hundreds of schemas would be slow to validate, and its errors hard to read.
    allOf: [
      ...names.map(name => ({ if: { properties: { name: { const: name } } }, then: ref(`call.${name}`) })),
      {
        if: { properties: { name: { enum: names } } },
        else: {
          description: 'A call that is not in the table: registers in their order.',
          properties: {
            args: object(Object.fromEntries([...'abcdef'].map(r => [r, ref('integer')]))),
            returns: nullable(ref('integer')),
          },
        },
      },
    ],
  }
}

function callSchema(declaration: Call, sets: { [name: string]: Schema }): Schema {
  const args = declaration.args as unknown as { readonly [name: string]: Node }
  return {
    properties: {
      args: members(args, sets),
      returns: nullable(nodeSchema(declaration.returns as unknown as Node, sets)),
    },
  }
}

function members(nodes: { readonly [name: string]: Node }, sets: { [name: string]: Schema }): Schema {
  const properties = Object.fromEntries(Object.entries(nodes).map(([n, node]) => [n, nodeSchema(node, sets)]))
  return object(
    properties,
    Object.keys(nodes).filter(n => mayBeAbsent(nodes[n]!)),
  )
}

function mayBeAbsent(type: Node): boolean {
  switch (type.kind) {
    case 'absent':
      return true
    case 'pointer':
      return mayBeAbsent(type.to)
    case 'when':
      return mayBeAbsent(type.type) || mayBeAbsent(type.otherwise)
    case 'select':
      return [...Object.values(type.cases), type.otherwise].some(mayBeAbsent)
    default:
      return false
  }
}

/** The schema of what a node decodes to. A field may also be null where the record is damaged. */
function nodeSchema(type: Node, sets: { [name: string]: Schema }): Schema {
  switch (type.kind) {
    case 'int':
      switch (type.role) {
        case 'fd':
        case 'dirfd':
          return ref('descriptor')
        case 'signal':
        case 'errno':
        case 'clock':
          return ref(type.role)
        default:
          return type.bits === 64 ? ref('integer') : { type: 'integer' }
      }
    case 'flags':
      return flags(type.sets, sets)
    case 'mixed':
      return flags([type.value, type.flags], sets)
    case 'enum':
      return anyOf(...type.sets.map(set => named(set, sets)), ref('integer'))
    case 'pointer':
      return nullable(nodeSchema(type.to, sets))
    case 'inside':
      return nullable(nodeSchema(type.to, sets))
    case 'cstring':
    case 'chars':
      return ref('text')
    case 'bytes':
      return ref(type.path || type.text ? 'text' : 'bytes')
    case 'strings':
      return { type: 'array', items: ref('text') }
    case 'struct':
      return members(type.fields, sets)
    case 'array':
      return { type: 'array', items: nodeSchema(type.of, sets) }
    case 'iovecs':
      return { type: 'array', items: ref('iovec') }
    case 'special':
      return ref(`special.${type.name}`)
    case 'select':
      return anyOf(...[...Object.values(type.cases), type.otherwise].map(t => nodeSchema(t, sets)))
    case 'when':
      return anyOf(nodeSchema(type.type, sets), nodeSchema(type.otherwise, sets))
    case 'absent':
      return { not: {} }
  }
}

/** The names of a set, defined once. */
function named(set: NameSet, sets: { [name: string]: Schema }): Schema {
  const key = `set.${set.name}`
  const known = sets[key] as { readonly enum: readonly string[] } | undefined
  // Sets of one name may be variants of each other.
  sets[key] = { enum: [...new Set([...(known?.enum ?? []), ...Object.keys(set.values)])] }
  return ref(key)
}

const flags = (from: readonly NameSet[], sets: { [name: string]: Schema }): Schema =>
  object({
    value: ref('integer'),
    names: { type: 'array', items: anyOf(...from.map(set => named(set, sets))) },
    rest: ref('integer'),
  })
