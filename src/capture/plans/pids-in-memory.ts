/** Where structures that only their printers know in full have ids of processes. */

import { constants } from 'node:os'
import { addrfams, scmvals, siginfo_codes, socketlayers } from '../../abi/sets.ts'
import { align4 } from '../../record/layout.ts'
import { netlinkHeaderBytes, type PidHolder, type PidKind } from '../../types/plan.ts'
import type { RecordBuilder } from './record-builder.ts'

/** Notes which process, thread or group an id of the record's thread is. */
export type NotePid = (record: RecordBuilder, id: number, kind: PidKind) => void

/** A step that notes the ids in the innermost range. */
export function notePids(of: PidHolder, note: NotePid, word: number): (record: RecordBuilder) => void {
  switch (of) {
    case 'siginfo':
      return record => {
        const id = senderOf(record.view, record.base, record.limit, word)
        if (id > 0) note(record, id, 'pid')
      }
    case 'messages':
      return record => inControlMessages(record, note, word)
    case 'netlink':
      return record => inNetlinkMessages(record, note)
    case 'address':
      return record => {
        const { view, base, limit } = record
        if (base + 8 > limit || view.getUint16(base, true) !== addrfams.values.AF_NETLINK) return
        note(record, view.getInt32(base + 4, true), 'pid')
      }
  }
}

const { SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS } = constants.signals
/** What the kernel says of these has an address in the sender's place. */
const faults: readonly number[] = [SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS]

/** Who sent the signal that the siginfo at `at` tells of; 0: nobody, or it does not say. */
export function senderOf(view: DataView, at: number, limit: number, word: number): number {
  const place = at + (word === 8 ? 16 : 12)
  if (place + 4 > limit) return 0
  const code = view.getInt32(at + 8, true)
  const { SI_TIMER, SI_SIGIO } = siginfo_codes.values
  if (code > 0 ? faults.includes(view.getInt32(at, true)) : code === SI_TIMER || code === SI_SIGIO) return 0
  return view.getInt32(place, true)
}

/** No more are looked at. */
const mostMessages = 64

function inControlMessages(record: RecordBuilder, note: NotePid, word: number): void {
  const { base, limit, view } = record
  const { SOL_SOCKET } = socketlayers.values
  const { SCM_CREDENTIALS } = scmvals.values
  const header = word + 8
  let left = mostMessages
  for (let at = base; at + header + 4 <= limit && left > 0; left--) {
    const length = record.number(at, word)
    if (length < header) return
    if (
      view.getUint32(at + word, true) === SOL_SOCKET &&
      view.getUint32(at + word + 4, true) === SCM_CREDENTIALS
    )
      note(record, view.getInt32(at + header, true), 'pid')
    at += Math.ceil(length / word) * word
  }
}

function inNetlinkMessages(record: RecordBuilder, note: NotePid): void {
  const { base, limit, view } = record
  let left = mostMessages
  for (let at = base; at + netlinkHeaderBytes <= limit && left > 0; left--) {
    note(record, view.getInt32(at + 12, true), 'pid')
    const length = view.getUint32(at, true)
    if (length < netlinkHeaderBytes) return
    at += align4(length)
  }
}
