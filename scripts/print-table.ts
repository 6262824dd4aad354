/** Compiles every declaration for each architecture and style: `npx tsx scripts/print-table.ts [NAME…]` lists what is wrong or, for a name, its plan. */
import { type Arch, syscallNumbers } from '../src/abi/syscalls.ts'
import { callPrinter } from '../src/dialects/strace/call-printer.ts'
import { defaultStyle } from '../src/dialects/strace/style.ts'
import { declarationOf, table } from '../src/syscalls/index.ts'
import { makePlan } from '../src/types/make-plan.ts'

const names = process.argv.slice(2)
for (const name of names) console.log(name, JSON.stringify(makePlan(declarationOf(name), 'amd64'), null, 1))
let wrong = 0
const missing: string[] = []
for (const arch of ['amd64', 'arm64'] as const satisfies Arch[])
  for (const name of Object.keys(syscallNumbers[arch])) {
    if (!(name in table)) {
      if (!missing.includes(name)) missing.push(name)
      continue
    }
    try {
      makePlan(declarationOf(name), arch)
      for (const verbose of [false, true])
        callPrinter(name, declarationOf(name), arch, { ...defaultStyle, verbose })
    } catch (error) {
      wrong++
      console.log(`${arch} ${name}: ${(error as Error).message}`)
    }
  }
console.log(
  `${Object.keys(table).length} declared, ${wrong} wrong, ${missing.length} missing: ${missing.join(' ')}`,
)
process.exitCode = wrong === 0 ? 0 : 1
