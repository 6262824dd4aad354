/** Records that stand one behind the other, taken together: whoever only copies them is done with a thousand as soon as with one. */
import { Header } from './layout.ts'

/** Takes the record at `offset`. */
export type TakeRecord = (bytes: Uint8Array, view: DataView, offset: number) => void
/** Takes the records from `from` to `to`, both where one begins. */
export type TakeRecords = (bytes: Uint8Array, view: DataView, from: number, to: number) => void

/** Where the record behind the one at `offset` begins. */
export const behind = (view: DataView, offset: number): number =>
  offset + view.getUint32(offset + Header.size, true)

/** Takes them one by one. */
export const oneByOne =
  (take: TakeRecord): TakeRecords =>
  (bytes, view, from, to) => {
    for (let at = from; at < to; at = behind(view, at)) take(bytes, view, at)
  }
