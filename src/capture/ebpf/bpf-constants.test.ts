import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Helper, RingQuery, RingRecord, Wakeup } from './bpf-constants.ts'

test('numbers of helpers and flags are those of the headers', () => {
  const facts = JSON.parse(readFileSync(new URL('../../../data/abi/constants.json', import.meta.url), 'utf8'))
  const { enums } = facts.headers?.['linux/bpf.h'] ?? facts['linux/bpf.h']
  const all: { [name: string]: number } = Object.assign({}, ...Object.values(enums))
  for (const [name, number] of Object.entries(Helper))
    assert.equal(enums.bpf_func_id[`BPF_FUNC_${name}`], number, name)
  for (const [name, number] of Object.entries({ ...Wakeup, ...RingQuery }))
    assert.equal(all[name], number, name)
  assert.equal(all.BPF_RINGBUF_BUSY_BIT, RingRecord.busy)
  assert.equal(all.BPF_RINGBUF_DISCARD_BIT, RingRecord.discarded)
  assert.equal(all.BPF_RINGBUF_HDR_SZ, RingRecord.headerBytes)
})
