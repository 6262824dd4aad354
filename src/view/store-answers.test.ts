/** What is answered from columns, held beside plain loops over rows. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { CallStore, noFd, Outcome, ThreadLane } from './call-store.ts'
import { type CallValue, valueIn } from './call-values.ts'
import { meets } from './choose-calls.ts'
import { LineTexts } from './line-texts.ts'
import { type Column, type Condition, callKinds, columns, type Filter } from './protocol.ts'
import { sortByKey } from './sort-calls.ts'
import { StoreAnswers } from './store-answers.ts'

interface PlainCall {
  readonly wait: number
  readonly took: number | null
  readonly result: number
  readonly name: number
  readonly error: number
  readonly lane: number
  readonly fd: number | null
  readonly path: string
  readonly line: string
}

const texts = ['', '/etc/passwd', '/dev/null', 'ENOENT', 'a"b', '</script>', 'Ünï']
const plainCalls = fc.array(
  fc.record<PlainCall>({
    wait: fc.nat(2000),
    took: fc.option(fc.nat(5000), { freq: 20 }),
    result: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(2 ** 53, -1, 0)),
    name: fc.nat(callKinds.length - 1),
    error: fc.nat(3),
    lane: fc.nat(2),
    fd: fc.option(fc.integer({ min: -1, max: 4 })),
    path: fc.constantFrom(...texts),
    line: fc.constantFrom(...texts),
  }),
  { minLength: 1, maxLength: 80 },
)

/** A store of these calls: those of a thread one after the other. */
function storeOf(calls: readonly PlainCall[]): CallStore {
  const store = new CallStore()
  for (const kind of callKinds) store.names.push({ name: `do_${kind}`, kind, calls: 0 })
  for (const errno of ['ENOENT', 'EAGAIN']) store.errors.numberOf(errno)
  for (let lane = 0; lane < 3; lane++) {
    store.lanes.push(new ThreadLane(lane, 100 + lane, 100, `t${lane}`, 0))
    store.addTask(lane, `t${lane % 2}`)
  }
  const clocks = [0, 0, 0]
  for (const [i, { wait, line, path, fd, lane, error, result, name, ...call }] of calls.entries()) {
    // A call that does not return is its thread's last.
    const last = calls.findLastIndex(other => other.lane === lane) === i
    const took = last ? call.took : (call.took ?? 7)
    const begin = clocks[lane]! + wait
    clocks[lane] = begin + (took ?? 0)
    const bytes = new TextEncoder().encode(line)
    store.add({
      begin,
      took: took ?? Number.NaN,
      result: took === null ? Number.NaN : result,
      name,
      error: took === null ? Outcome.unfinished : error === 1 ? 0 : error,
      task: lane,
      fd: fd ?? noFd,
      path: store.paths.numberOf(path),
      line: store.lines.numberOf(bytes, 0, bytes.length),
    })
  }
  return store
}

const conditions: fc.Arbitrary<Condition> = fc.record({
  column: fc.constantFrom<Condition['column']>(...columns, 'kind'),
  is: fc.constantFrom<Condition['is']>('equal', 'different', 'contains', 'above', 'below'),
  value: fc.oneof(fc.integer({ min: -2, max: 120 }), fc.constantFrom('', 'e', '1', 'failed', ...texts)),
})
const filters: fc.Arbitrary<Filter> = fc.record({
  conditions: fc.array(conditions, { maxLength: 3 }),
  text: fc.constantFrom('', 'ENO', 'etc', 'do_', '"', 'SCRIPT', 'zzz'),
})

const contains = (text: CallValue, wanted: string): boolean =>
  String(text ?? '')
    .toLowerCase()
    .includes(wanted.toLowerCase())

function plainIds(store: CallStore, { conditions, text }: Filter): number[] {
  return Array.from({ length: store.count }, (_, id) => id).filter(
    id =>
      conditions.every(condition => meets(condition, valueIn(store, condition.column, id))) &&
      (text === '' ||
        ['name' as const, 'path' as const, 'errno' as const].some(column =>
          contains(valueIn(store, column, id), text),
        ) ||
        contains(store.lines.text(store.line[id]!), text)),
  )
}

const order = (value: CallValue): [number, number | string] =>
  value === null ? [0, 0] : [1, value === 0 ? 0 : value]
const compare = (a: CallValue, b: CallValue): number => {
  const [[p, x], [q, y]] = [order(a), order(b)]
  return p - q || (x < y ? -1 : x > y ? 1 : 0)
}

suite('answers from columns', () => {
  test('rows and places, by any filter and order, also while calls come', () => {
    fc.assert(
      fc.property(
        plainCalls,
        filters,
        fc.constantFrom<Column>(...columns),
        fc.boolean(),
        fc.nat(5),
        (calls, filter, sort, descending, offset) => {
          const whole = storeOf(calls)
          const store = storeOf(calls.slice(0, calls.length >> 1))
          const answers = new StoreAnswers(store, '')
          // What is kept of a filter grows with the store.
          answers.rows(filter, 'id', false, 0, 10)
          for (let id = store.count; id < whole.count; id++)
            store.add({
              begin: whole.begin[id]!,
              took: whole.took[id]!,
              result: whole.result[id]!,
              name: whole.name[id]!,
              error: whole.error[id]!,
              task: whole.task[id]!,
              fd: whole.fd[id]!,
              path: store.paths.numberOf(whole.paths.text(whole.path[id]!)),
              line: lineIn(store.lines, whole.lines.text(whole.line[id]!)),
            })
          const wanted = plainIds(store, filter)
          const sorted = wanted.toSorted(
            (a, b) => compare(valueIn(store, sort, a), valueIn(store, sort, b)) || a - b,
          )
          if (descending) sorted.reverse()
          const { rows, total } = answers.rows(filter, sort, descending, offset, 10)
          assert.equal(total, wanted.length)
          assert.deepEqual(
            rows.map(({ id }) => id),
            sorted.slice(offset, offset + 10),
          )
          for (const id of [0, store.count - 1]) {
            const place = sorted.indexOf(id)
            assert.deepEqual(answers.place(filter, sort, descending, id), {
              offset: place < 0 ? null : place,
            })
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a whole order is that of its beginning', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noDefaultInfinity: true }), { maxLength: 200 }), keys => {
        const ids = Uint32Array.from(keys, (_, id) => id)
        const sorted = Array.from(ids).toSorted(
          (a, b) => compare(orNull(keys[a]!), orNull(keys[b]!)) || a - b,
        )
        assert.deepEqual(Array.from(sortByKey(ids, id => keys[id]!)), sorted)
      }),
    )
  })

  test('timelines: every call is counted once, and its time is where it belongs', () => {
    fc.assert(
      fc.property(plainCalls, filters, fc.integer({ min: 1, max: 30 }), (calls, filter, width) => {
        const store = storeOf(calls)
        const span = Math.max(store.span, 1) / 1e6
        const answers = new StoreAnswers(store, '')
        const { lanes } = answers.timeline(0, span, width, [100, 101, 102], filter)
        const wanted = plainIds(store, filter)
        for (const lane of store.lanes) {
          const own = wanted.filter(id => store.laneOf(id) === lane)
          const drawn = lanes.find(({ tid }) => tid === lane.tid)
          if (drawn?.calls !== undefined) {
            assert.deepEqual(
              drawn.calls.filter((_, i) => i % 5 === 0),
              own,
            )
            continue
          }
          const flat = drawn?.columns ?? []
          const sum = (at: number): number => flat.reduce((all, n, i) => all + (i % 5 === at ? n : 0), 0)
          // What begins at the very end is in no column.
          const counted = own.filter(id => store.begin[id]! < span * 1e6)
          assert.equal(sum(3), counted.length)
          const time = counted.reduce((all, id) => all + (store.endOf(id) - store.begin[id]!), 0) / 1e6
          assert.ok(Math.abs((sum(2) * span) / width - time) <= span * 1e-9, `${sum(2)} ${time}`)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('statistics are those of the rows', () => {
    fc.assert(
      fc.property(plainCalls, filters, (calls, filter) => {
        const store = storeOf(calls)
        const found = new StoreAnswers(store, '').statistics(filter)
        const ids = plainIds(store, filter)
        assert.equal(found.calls, ids.length)
        assert.equal(found.failed, ids.filter(id => valueIn(store, 'outcome', id) === 'failed').length)
        const times = ids.map(id => store.took[id]! / 1000).filter(time => !Number.isNaN(time))
        times.sort((a, b) => a - b)
        assert.equal(
          found.histogram.reduce((sum, { calls }) => sum + calls, 0),
          times.length,
        )
        const median = times[Math.ceil(times.length / 2) - 1] ?? 0
        assert.ok(Math.abs(found.percentiles[0]! - median) <= Math.max(0.0625, median / 1000))
        assert.equal(found.percentiles[4], times.at(-1) ?? 0)
        assert.equal(
          found.threads.reduce((sum, { calls }) => sum + calls, 0),
          ids.length,
        )
      }),
      { numRuns: 100 },
    )
  })

  test('lines: kept once, found whatever their case, and no text crosses two of them', () => {
    const lines = new LineTexts()
    const numbers = ['abc', 'abd', 'abc', '', 'x'.repeat(9000)].map(text => lineIn(lines, text))
    assert.equal(numbers[0], numbers[2])
    assert.notEqual(numbers[0], numbers[1])
    assert.equal(lines.text(numbers[4]!).length, 512)
    const find = (text: string): number[] => {
      const found = new Uint8Array(lines.count)
      lines.find(text, 0, found)
      return [...found.keys()].filter(number => found[number] === 1)
    }
    assert.deepEqual(find('AB'), [numbers[0], numbers[1]])
    assert.deepEqual(find('cab'), [])
    assert.deepEqual(find('c\nab'), [])
    // Over more than one stretch.
    const plain = Array.from(
      { length: 40_000 },
      (_, i) => `read(${i}, "${(i * 7919) % 1e5}"..., ${i % 9}) = X`,
    )
    const all = plain.map(text => lineIn(lines, text))
    for (const text of ['19', '= x', '"5', 'read(3', 'D(9', ', 8)', 'zz'])
      assert.deepEqual(
        find(text),
        all.filter((_, i) => plain[i]!.toLowerCase().includes(text.toLowerCase())),
        text,
      )
  })
})

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

function lineIn(lines: LineTexts, text: string): number {
  const bytes = Uint8Array.from(text, char => char.charCodeAt(0))
  return lines.numberOf(bytes, 0, bytes.length)
}
