/** The parts of the JSON schema that do not come from the table: values of all calls, and events. */
import * as abi from '../../abi/sets.ts'
import type { SpecialName } from '../../types/language.ts'
import { anyOf, nullable, object, ref, type Schema } from './schema-parts.ts'

const integer: Schema = { type: 'integer' }
const names = (set: { readonly values: object }): Schema => ({ enum: Object.keys(set.values) })
const list = (items: Schema): Schema => ({ type: 'array', items })

const special: { readonly [name in SpecialName]: Schema } = {
  sigset: list(ref('signal')),
  fdset: list(integer),
  cpuset: list(integer),
  sockaddr: {
    anyOf: [
      object({ family: { const: 'AF_INET' }, address: { type: 'string' }, port: integer }),
      object({
        family: { const: 'AF_INET6' },
        address: { type: 'string' },
        port: integer,
        flowinfo: integer,
        scopeId: integer,
      }),
      object({ family: { const: 'AF_UNIX' }, path: ref('text'), abstract: { type: 'boolean' } }),
      object({ family: { const: 'AF_NETLINK' }, pid: integer, groups: integer }),
      object({ family: anyOf(names(abi.addrfams), integer), data: ref('bytes') }),
    ],
  },
  cmsgs: list(
    object(
      {
        level: anyOf(names(abi.socketlayers), integer),
        type: anyOf(names(abi.scmvals), integer),
        data: ref('bytes'),
        fds: list(integer),
      },
      ['fds'],
    ),
  ),
  dirents: list(ref('directoryEntry')),
  dirents64: list(ref('directoryEntry')),
  siginfo: object(
    {
      signo: ref('signal'),
      code: anyOf({ type: 'string' }, integer),
      errno: ref('errno'),
      pid: integer,
      uid: integer,
      status: integer,
      addr: ref('integer'),
      value: ref('integer'),
      syscall: integer,
    },
    ['pid', 'uid', 'status', 'addr', 'value', 'syscall'],
  ),
  waitstatus: object(
    {
      status: integer,
      exitCode: integer,
      signal: ref('signal'),
      coreDumped: { type: 'boolean' },
      stopped: ref('signal'),
      continued: { const: true },
    },
    ['exitCode', 'signal', 'coreDumped', 'stopped', 'continued'],
  ),
  netlink: list(object({ type: integer, flags: integer, seq: integer, pid: integer, payload: ref('bytes') })),
}

const base64: Schema = { type: 'string', contentEncoding: 'base64' }

/** Values that many calls share. */
export const commonDefinitions: { readonly [name: string]: Schema } = {
  pid: integer,
  time: { description: 'Milliseconds since 1970; of a call, when it was entered.', type: 'number' },
  integer: { anyOf: [integer, { type: 'string', pattern: '^-?[0-9]+$' }] },
  text: { anyOf: [{ type: 'string' }, object({ base64 })] },
  bytes: {
    description: 'fullLength: there were that many, not all are here.',
    anyOf: [
      { type: 'string' },
      object({ base64, fullLength: ref('integer') }, ['fullLength']),
      object({ text: { type: 'string' }, fullLength: ref('integer') }),
    ],
  },
  descriptor: object({ fd: integer, path: ref('text') }, ['path']),
  clock: anyOf(names(abi.clocknames), integer),
  iovec: object({ base: ref('integer'), length: ref('integer'), data: nullable(ref('bytes')) }),
  directoryEntry: object({
    ino: ref('integer'),
    off: ref('integer'),
    type: anyOf(names(abi.dirent_types), integer),
    name: ref('text'),
  }),
  ...Object.fromEntries(Object.entries(special).map(([name, schema]) => [`special.${name}`, schema])),
}

const event = (kind: string, description: string, own: { readonly [name: string]: Schema }): Schema => ({
  description,
  ...object({
    kind: { const: kind },
    pid: ref('pid'),
    tid: ref('pid'),
    comm: ref('text'),
    time: ref('time'),
    ...own,
  }),
})

/** What is told beside calls, by kind. */
export const eventDefinitions: { readonly [kind: string]: Schema } = {
  'event.signal': event('signal', 'A signal is about to be delivered.', {
    signal: ref('signal'),
    info: nullable(ref('special.siginfo')),
  }),
  'event.stop': event('stop', 'A signal has stopped the process.', { signal: ref('signal') }),
  'event.start': event('start', 'A thread is traced from now on.', {
    origin: { enum: ['started', 'attached', 'fork', 'vfork', 'clone'] },
    parent: nullable(integer),
  }),
  'event.exit': event('exit', 'A thread has ended.', {
    code: nullable(integer),
    signal: nullable(ref('signal')),
    coreDumped: { type: 'boolean' },
  }),
  'event.detach': event('detach', 'A thread runs on without being traced.', {}),
  'event.lost': event('lost', 'Calls that the capture could not keep.', { count: integer }),
}
