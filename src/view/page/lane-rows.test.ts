/** The tree of lanes, also of recordings in which parents make no sense. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Lane, Process } from '../protocol.ts'
import { laneRows } from './lane-rows.ts'

const lane = (tid: number, pid: number): Lane => ({ tid, pid, comm: 'sh', begin: 0, end: null, calls: 1 })
const process = (pid: number, parent: number | null): Process => ({
  pid,
  parent,
  comm: 'sh',
  command: '',
  begin: 0,
  end: null,
  code: 0,
  signal: null,
})
const none: ReadonlySet<number> = new Set()

test('threads stand under their process, processes under their parent', () => {
  const overview = {
    lanes: [lane(1, 1), lane(3, 1), lane(2, 2), lane(5, 5)],
    // 4 made no call: 5 goes to its grandparent.
    processes: [process(1, null), process(2, 1), process(4, 2), process(5, 4)],
  }
  const rows = laneRows(overview, none)
  assert.deepEqual(
    rows.map(({ key, depth }) => `${depth} ${key}`),
    ['0 p1', '1 t3', '1 p2', '2 p5'],
  )
  assert.deepEqual(
    laneRows(overview, new Set([2])).map(({ key }) => key),
    ['p1', 't3', 'p2'],
  )
  assert.deepEqual(
    rows.map(({ position, siblings }) => [position, siblings]),
    [
      [1, 1],
      [1, 2],
      [2, 2],
      [1, 1],
    ],
  )
})

test('every lane has its row, whoever claims to be whose parent', () => {
  const small = fc.integer({ min: 1, max: 8 })
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(small, small), { selector: ([tid]) => tid }),
      fc.uniqueArray(fc.tuple(small, fc.option(small)), { selector: ([pid]) => pid }),
      (lanes, processes) => {
        const rows = laneRows(
          {
            lanes: lanes.map(([tid, pid]) => lane(tid, pid)),
            processes: processes.map(([pid, parent]) => process(pid, parent)),
          },
          none,
        )
        const drawn = rows.flatMap(row => (row.lane === null ? [] : [row.lane.tid])).sort()
        assert.deepEqual(drawn, lanes.map(([tid]) => tid).sort())
        assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length)
      },
    ),
  )
})

test('a long chain of processes is no trouble', () => {
  const pids = Array.from({ length: 20_000 }, (_, i) => i + 1)
  const rows = laneRows(
    {
      lanes: pids.map(pid => lane(pid, pid)),
      processes: pids.map(pid => process(pid, pid === 1 ? null : pid - 1)),
    },
    none,
  )
  assert.equal(rows.length, 20_000)
})
