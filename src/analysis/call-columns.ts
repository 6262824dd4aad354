import type { ColumnBatch, TextColumn } from './column-batch.ts'

/** The columns of calls by their names, to be written row by row. */
export class CallColumns {
  readonly rows: ColumnBatch
  readonly id: Int32Array
  readonly time: Float64Array
  readonly pid: Int32Array
  readonly tid: Int32Array
  readonly comm: Int32Array
  readonly name: Int32Array
  readonly outcome: Int32Array
  /** Two words a row. */
  readonly result: Int32Array
  readonly errno: Int32Array
  readonly duration: Float64Array
  readonly fd: Int32Array
  readonly path: Int32Array
  readonly otherPath: Int32Array
  readonly args: TextColumn

  constructor(rows: ColumnBatch) {
    this.rows = rows
    const { ints, doubles } = rows
    this.id = ints('id')
    this.time = doubles('time')
    this.pid = ints('pid')
    this.tid = ints('tid')
    this.comm = ints('comm')
    this.name = ints('name')
    this.outcome = ints('outcome')
    this.result = rows.longs('result')
    this.errno = ints('errno')
    this.duration = doubles('duration')
    this.fd = ints('fd')
    this.path = ints('path')
    this.otherPath = ints('other_path')
    this.args = rows.loose('args')
  }
}
