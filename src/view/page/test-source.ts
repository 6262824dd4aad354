/** A source of made-up calls, the same at every run: a build whose processes come and go, as many calls as one likes. */
import {
  type CallDetails,
  type CallKind,
  type Column,
  type Condition,
  callKinds,
  type Filter,
  type LaneTimeline,
  type Overview,
  type Progress,
  type Row,
  type Source,
  type Statistics,
} from '../protocol.ts'

const names: readonly [name: string, kind: CallKind, usual: number][] = [
  ['openat', 'files', 0.012],
  ['read', 'files', 0.004],
  ['write', 'files', 0.006],
  ['close', 'files', 0.001],
  ['newfstatat', 'files', 0.003],
  ['mmap', 'memory', 0.005],
  ['munmap', 'memory', 0.009],
  ['brk', 'memory', 0.002],
  ['rt_sigaction', 'signals', 0.0006],
  ['execve', 'process', 0.4],
  ['wait4', 'waiting', 9],
  ['futex', 'waiting', 2],
  ['poll', 'waiting', 4],
  ['clock_gettime', 'time', 0.0004],
  ['connect', 'network', 0.06],
  ['sendto', 'network', 0.02],
  ['recvfrom', 'network', 0.03],
  ['getrandom', 'other', 0.001],
]
const paths = [
  '/usr/lib/x86_64-linux-gnu/libc.so.6',
  '/etc/ld.so.cache',
  'src/main.c',
  'include/config.h',
  '/usr/include/stdio.h',
  '/tmp/ccXyz12.o',
  '<img src=x onerror="globalThis.broken=1">',
  '/tmp/bell\x07\x1b[31mred\u202etxt',
]
const programs = ['make', 'sh', 'gcc', 'cc1', 'as', 'ld', 'python3', 'git']

interface Options {
  readonly calls: number
  readonly lanes: number
  /** How much of it there is by now, 0 to 1; all of it without. */
  readonly share?: () => number
}

export function testSource({ calls, lanes: laneCount, share = () => 1 }: Options): Source {
  const lane = new Uint16Array(calls)
  const name = new Uint8Array(calls)
  const failed = new Uint8Array(calls)
  const begin = new Float64Array(calls)
  const end = new Float64Array(calls)
  const random = generator(7)
  const clocks = Array.from({ length: laneCount }, (_, i) => i * 1.7)
  const perLane: number[][] = Array.from({ length: laneCount }, () => [])
  for (let i = 0; i < calls; i++) {
    // The lane that is furthest behind goes on; a few have more to do than others.
    let l = 0
    for (let k = 1; k < laneCount; k++) if (clocks[k]! < clocks[l]!) l = k
    const kind = Math.floor(random() ** 1.6 * names.length)
    const usual = names[kind]![2] * (0.4 + random() * (random() < 0.02 ? 40 : 1.4))
    lane[i] = l
    name[i] = kind
    failed[i] = random() < (kind === 0 || kind === 4 ? 0.3 : 0.02) ? 1 : 0
    begin[i] = clocks[l]! + random() * 0.02
    end[i] = begin[i]! + usual
    clocks[l] = end[i]! + random() * (random() < 0.01 ? 8 : 0.03) * (1 + (l % 5))
    perLane[l]!.push(i)
  }
  const seen = (): number => Math.max(1, Math.floor(calls * share()))
  const span = (): number => begin[seen() - 1]! + 1
  const pidOf = (l: number): number => 4000 + l - (l % 6 === 5 ? 1 : 0)
  const comm = (l: number): string => programs[(l - (l % 6 === 5 ? 1 : 0)) % programs.length]!
  const errno = (i: number): string | null => (failed[i] === 1 ? (i % 3 === 0 ? 'EACCES' : 'ENOENT') : null)
  const path = (i: number): string | null => (name[i]! < 5 ? paths[(i * 7) % paths.length]! : null)

  const row = (i: number): Row => {
    const n = names[name[i]!]![0]
    const result = failed[i] === 1 ? '-1' : String(i % 4096)
    const shown = path(i)
    const first = shown === null ? '3' : `AT_FDCWD, ${JSON.stringify(shown)}`
    const error = errno(i)
    const tail = error === null ? result : `-1 ${error} (No such file or directory)`
    return {
      id: i,
      time: begin[i]!,
      pid: pidOf(lane[i]!),
      tid: 4000 + lane[i]!,
      comm: comm(lane[i]!),
      name: n,
      outcome: failed[i] === 1 ? 'failed' : 'returned',
      result: failed[i] === 1 ? null : result,
      errno: error,
      duration: end[i]! - begin[i]!,
      path: shown,
      line: `${n}(${first}, O_RDONLY|O_CLOEXEC) = ${tail}`,
    }
  }
  const fieldOf = (i: number, column: Condition['column']): string | number | null =>
    column === 'kind'
      ? names[name[i]!]![1]
      : column === 'duration'
        ? end[i]! - begin[i]!
        : column === 'time'
          ? begin[i]!
          : column === 'fd'
            ? 3
            : row(i)[column]
  const holds = (i: number, { conditions, text }: Filter): boolean =>
    conditions.every(({ column, is, value }) => {
      const own = fieldOf(i, column)
      if (is === 'above') return own !== null && Number(own) >= Number(value)
      if (is === 'below') return own !== null && Number(own) <= Number(value)
      const same = String(own) === String(value)
      if (is === 'contains') return String(own).toLowerCase().includes(String(value).toLowerCase())
      return own !== null && same === (is === 'equal')
    }) &&
    (text === '' || row(i).line.toLowerCase().includes(text.toLowerCase()))

  const found = new Map<string, number[]>()
  const matching = (filter: Filter, sort: Column, descending: boolean): number[] => {
    const key = JSON.stringify([filter, sort, descending, seen()])
    const known = found.get(key)
    if (known !== undefined) return known
    const ids = []
    for (let i = 0; i < seen(); i++) if (holds(i, filter)) ids.push(i)
    if (sort !== 'time' && sort !== 'id')
      ids.sort((a, b) => {
        const [x, y] = [fieldOf(a, sort) ?? '', fieldOf(b, sort) ?? '']
        return x < y ? -1 : x > y ? 1 : a - b
      })
    if (descending) ids.reverse()
    found.clear()
    found.set(key, ids)
    return ids
  }
  const later = async <T>(value: T, signal?: AbortSignal): Promise<T> => {
    await new Promise(resolve => setTimeout(resolve, 5))
    signal?.throwIfAborted()
    return value
  }

  const overview = (): Overview => ({
    title: 'make -j4 all',
    began: Date.UTC(2026, 10, 28, 12),
    span: span(),
    calls: seen(),
    complete: share() === 1,
    lanes: perLane.map((ids, l) => ({
      tid: 4000 + l,
      pid: pidOf(l),
      comm: comm(l),
      begin: l * 1.7,
      end: l % 4 === 3 ? null : end[ids.at(-1) ?? 0]!,
      calls: ids.length,
    })),
    processes: perLane
      .map((_, l) => l)
      .filter(l => l % 6 !== 5)
      .map(l => ({
        pid: 4000 + l,
        parent: l === 0 ? null : 4000 + (l < 4 ? 0 : l - 3 - ((l - 3) % 6 === 5 ? 1 : 0)),
        comm: comm(l),
        command: `/usr/bin/${comm(l)} -o out${l}.o <b>bold</b>`,
        begin: l * 1.7,
        end: l % 4 === 3 ? null : end[perLane[l]!.at(-1) ?? 0]!,
        code: l % 4 === 3 ? null : l % 7 === 6 ? 2 : 0,
        signal: l % 9 === 8 ? 'SIGKILL' : null,
      })),
    names: names.map(([n, kind]) => ({ name: n, kind, calls: Math.round(calls / names.length) })),
    metadata: {
      command: ['make', '-j4', 'all'],
      machine: 'x86_64',
      kernel: 'Linux 6.12',
      versions: { sysglass: '0.1.0' },
    },
  })

  const laneTimeline = (
    tid: number,
    from: number,
    to: number,
    width: number,
    filter: Filter,
  ): LaneTimeline => {
    const ids = perLane[tid - 4000] ?? []
    let low = 0
    let high = ids.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (end[ids[middle]!]! < from) low = middle + 1
      else high = middle
    }
    const chosen: number[] = []
    const last = seen()
    for (let i = low; i < ids.length && begin[ids[i]!]! < to && ids[i]! < last; i++)
      if ((filter.conditions.length === 0 && filter.text === '') || holds(ids[i]!, filter))
        chosen.push(ids[i]!)
    if (chosen.length <= width / 2)
      return { tid, calls: chosen.flatMap(i => [i, begin[i]!, end[i]!, name[i]!, failed[i]!]) }
    const step = (to - from) / width
    const columns = new Map<number, { kinds: number[]; share: number; calls: number; failed: number }>()
    for (const i of chosen)
      for (let c = Math.max(0, Math.floor((begin[i]! - from) / step)); c < width; c++) {
        const [a, b] = [Math.max(begin[i]!, from + c * step), Math.min(end[i]!, from + (c + 1) * step)]
        if (b < a) break
        const at = columns.get(c) ?? { kinds: callKinds.map(() => 0), share: 0, calls: 0, failed: 0 }
        columns.set(c, at)
        at.kinds[callKinds.indexOf(names[name[i]!]![1])]! += b - a
        at.share += (b - a) / step
        at.calls++
        at.failed += failed[i]!
      }
    return {
      tid,
      columns: [...columns]
        .sort(([a], [b]) => a - b)
        .flatMap(([c, at]) => [
          c,
          at.kinds.indexOf(Math.max(...at.kinds)),
          Math.min(1, at.share),
          at.calls,
          at.failed,
        ]),
    }
  }

  const statistics = (filter: Filter): Statistics => {
    const ids = matching(filter, 'id', false)
    const count = (key: (i: number) => string | null, label?: (i: number) => string): Statistics['names'] => {
      const all = new Map<
        string,
        { value: string; label?: string; calls: number; failed: number; duration: number }
      >()
      for (const i of ids) {
        const value = key(i)
        if (value === null) continue
        const at = all.get(value) ?? {
          value,
          ...(label && { label: label(i) }),
          calls: 0,
          failed: 0,
          duration: 0,
        }
        all.set(value, at)
        at.calls++
        at.failed += failed[i]!
        at.duration += end[i]! - begin[i]!
      }
      return [...all.values()].sort((a, b) => b.calls - a.calls).slice(0, 50)
    }
    const took = ids.map(i => (end[i]! - begin[i]!) * 1000).sort((a, b) => a - b)
    const histogram = Array.from({ length: 24 }, (_, k) => ({
      from: 2 ** (k - 4),
      to: 2 ** (k - 3),
      calls: 0,
    }))
    for (const t of took) {
      const slot = histogram.find(({ to }) => t < to)
      if (slot !== undefined) slot.calls++
    }
    return {
      calls: ids.length,
      failed: ids.filter(i => failed[i] === 1).length,
      duration: took.reduce((a, b) => a + b, 0) / 1000,
      percentiles: [0.5, 0.9, 0.99, 0.999, 1].map(
        p => took[Math.max(0, Math.ceil(p * took.length) - 1)] ?? 0,
      ),
      histogram,
      names: count(i => names[name[i]!]![0]),
      paths: count(path),
      errors: count(errno),
      threads: count(
        i => String(4000 + lane[i]!),
        i => comm(lane[i]!),
      ),
    }
  }

  const details = (id: number): CallDetails => {
    const shown = row(id)
    return {
      row: shown,
      strace: shown.line,
      gvisor: `${shown.name}(AT_FDCWD /work, 0x7ffd0 ${shown.path ?? ''}, O_RDONLY|O_CLOEXEC, 0o0) = 3 (${(shown.duration ?? 0).toFixed(3)}ms)`,
      values: {
        name: shown.name,
        args: {
          dirfd: 'AT_FDCWD',
          pathname: shown.path,
          flags: { value: 524288, names: ['O_RDONLY', 'O_CLOEXEC'] },
          buf: { base64: 'f0VMRgIBAQ==', iov: [{ len: 7 }, { len: 832 }] },
        },
        result: shown.result,
      },
      memory: [
        {
          name: 'buf',
          address: '0x7ffd3a2b1c40',
          bytes: btoa(
            '\x7fELF\x02\x01\x01\0\0\0<script>alert(1)</script>\x1b[0m and so on, until the end of it all',
          ),
          total: 832,
        },
      ],
      summary: 'opens a file, or makes it, by its path below a directory',
      manual: `${shown.name}(2)`,
    }
  }

  return {
    overview: () => later(overview()),
    timeline: (from, to, width, tids, filter, signal) =>
      later({ from, to, lanes: tids.map(tid => laneTimeline(tid, from, to, width, filter)) }, signal),
    rows(filter, sort, descending, offset, limit, signal) {
      const ids = matching(filter, sort, descending)
      return later({ total: ids.length, offset, rows: ids.slice(offset, offset + limit).map(row) }, signal)
    },
    place(filter, sort, descending, id) {
      const offset = matching(filter, sort, descending).indexOf(id)
      return later({ offset: offset < 0 ? null : offset })
    },
    call: id => (id < seen() ? later(details(id)) : Promise.reject(new Error('there is no such call'))),
    statistics: filter => later(statistics(filter)),
    progress(tell) {
      const now = (): Progress => ({ calls: seen(), span: span(), read: null, complete: share() === 1 })
      tell(now())
      const timer = setInterval(() => {
        const progress = now()
        tell(progress)
        if (progress.complete) clearInterval(timer)
      }, 200)
    },
  }
}

/** Numbers from 0 to 1, the same for the same seed (Park and Miller's). */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff
}
