/**
 * Prints the table of calls: of each, whether it is named, typed, captured and has text in both notations, on either architecture.
 * `npx tsx scripts/print-table.ts [NAME…]`; for names, their plans as well. The exit status is 1 where there is a hole.
 */
import { syscallNumbers } from '../src/abi/syscalls.ts'
import { callCoverage } from '../src/explain/call-coverage.ts'
import { declarationOf } from '../src/syscalls/index.ts'
import { makePlan } from '../src/types/make-plan.ts'

const chosen = process.argv.slice(2)
for (const name of chosen) console.log(name, JSON.stringify(makePlan(declarationOf(name), 'amd64'), null, 1))

const columns = ['named', 'typed', 'captured', 'strace', 'gvisor'] as const
console.log(`${'call'.padEnd(36)}${columns.map(column => column.padEnd(11)).join('')}`)
let calls = 0
const holes: string[] = []
for (const arch of ['amd64', 'arm64'] as const)
  for (const name of Object.keys(syscallNumbers[arch])) {
    if (chosen.length > 0 && !chosen.includes(name)) continue
    calls++
    const coverage = callCoverage(name, arch)
    const cells = columns.map(column => {
      const hole = coverage[column]
      if (hole !== undefined) holes.push(`${arch} ${name}: ${column}: ${hole}`)
      const good = column === 'gvisor' && !coverage.gvisorKnows ? 'registers' : 'yes'
      return (hole === undefined ? good : 'NO').padEnd(11)
    })
    console.log(`${arch} ${name}`.padEnd(36) + cells.join('').trimEnd())
  }
console.log(`${calls} calls, ${holes.length} holes (registers: gVisor itself does not know the call)`)
for (const hole of holes) console.log(hole)
process.exitCode = holes.length === 0 ? 0 : 1
