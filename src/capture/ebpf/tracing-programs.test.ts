/** Programs that an earlier run has kept do for a later one; where they are damaged, new ones take their place. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BpfError } from './bpf-syscall.ts'
import { KeptFiles } from './kept-files.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { KernelSide } from './kernel-side.ts'
import { prepareTracing, tracingPrograms } from './tracing-programs.ts'

const facts = readKernelFacts(true)
const choice = { follow: true, signals: true, enters: true }

function side(): KernelSide | string {
  if (typeof facts === 'string') return facts
  try {
    return new KernelSide(facts, { ringBytes: 1 << 16 })
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
}
const first = side()
const skip = typeof first === 'string' ? `no eBPF here: ${first}` : false
after(() => typeof first === 'object' && first.close())
/** An instruction that no kernel has. */
const refused = Buffer.alloc(8, 0xff)

/** Does something with a side of its own. */
async function withSide<T>(act: (kernel: KernelSide) => Promise<T>): Promise<T> {
  const kernel = side() as KernelSide
  try {
    return await act(kernel)
  } finally {
    kernel.close()
  }
}

test('kept programs that the kernel refuses are made anew, and kept', {
  skip,
  timeout: 120_000,
}, async () => {
  const home = mkdtempSync(join(tmpdir(), 'sysglass-'))
  try {
    const kept = new KeptFiles(join(home, 'cache'), 'code')
    const start = (): Promise<void> =>
      withSide(async kernel => {
        const keep = await prepareTracing(kernel, kept, choice)
        kernel.attach()
        keep()
      })
    await start()
    const files = readdirSync(join(home, 'cache'))
    assert.equal(files.length, 1)
    const file = join(home, 'cache', files[0]!)
    const good = readFileSync(file)
    // Where the text about the programs ends, and their code begins; and the last instruction of the one that runs once, which the kernel may refuse.
    for (const place of [good.indexOf('}\n') + 2, good.length - refused.length]) {
      const damaged = Buffer.from(good)
      refused.copy(damaged, place)
      writeFileSync(file, damaged)
      await start()
      assert.deepEqual(readFileSync(file), good)
    }
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('the program that runs once may be refused, no other', { skip, timeout: 120_000 }, async () => {
  const prepare = (damaged: string): Promise<void> =>
    withSide(async kernel => {
      const programs = tracingPrograms(kernel.setting, choice)
      assert.ok(programs.some(({ name }) => name === damaged))
      await kernel.prepare(
        programs.map(one => (one.name === damaged ? { ...one, code: refused, maps: [] } : one)),
      )
      kernel.attach()
    })
  await prepare('root')
  await assert.rejects(prepare('sys_exit'), BpfError)
})
