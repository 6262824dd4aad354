/** The table of ioctls: every request has a number, and every argument can be captured, on each architecture. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ioctlNames } from '../../abi/ioctl-names.ts'
import { makePlan } from '../../types/make-plan.ts'
import type { Op } from '../../types/plan.ts'
import { numberIn } from '../../types/resolve.ts'
import { ioctlArguments, ioctlCalls, requests } from './index.ts'

const architectures = ['amd64', 'arm64', 'i386'] as const

test('every request has a number', () => {
  for (const name of Object.keys(ioctlArguments))
    if (!name.startsWith('0x')) assert.notEqual(requests.values[name], undefined, name)
})

for (const arch of architectures) {
  test(`${arch}: names and numbers belong together`, () => {
    for (const name of Object.keys(requests.values)) {
      const number = numberIn(requests, name, arch)
      if (number !== undefined) assert.ok(ioctlNames(Number(number), arch).includes(name), name)
    }
  })

  test(`${arch}: there is a plan, which copies only what has a bound`, () => {
    const plan = makePlan(ioctlCalls.ioctl, arch)
    const visit = (ops: readonly Op[]): void => {
      for (const op of ops) {
        if (op.op === 'copy') assert.ok(op.max === 'data' || op.max <= 1 << 18)
        if (op.op === 'switch') for (const { ops: inner } of op.cases) visit(inner)
        if (op.op === 'switch') visit(op.otherwise)
      }
    }
    assert.ok(plan.enter.length > 0 && plan.exit.length > 0)
    visit([...plan.enter, ...plan.exit, ...plan.exitFailed])
  })
}
