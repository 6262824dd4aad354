/** `glass explain`: what is known of a system call. */
import { callNames, callPage } from '../../explain/call-page.ts'
import { pageText } from '../../explain/page-text.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { summaryOf } from '../../syscalls/summaries.ts'
import type { StartContext } from '../start-context.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

/** Prints the pages of the calls that are named; without names, a line for each call. */
export function explain({ argv0, words }: StartContext): Promise<void> {
  const name = `${argv0} explain`
  return guarded(name, async () => {
    const { positionals } = parseWords(words, {})
    const pages = positionals.map(call => {
      const page = callPage(call)
      if (page === undefined) throw new CommandEnd(`no call '${call}'${suggestion(call, argv0)}`)
      return pageText(page)
    })
    const text = pages.length > 0 ? pages.join('\n') : index()
    descriptorSink(1).write(Buffer.from(text))
  })
}

const index = (): string =>
  callNames()
    .sort()
    .map(name => `${name.padEnd(28)}${summaryOf(name)}\n`)
    .join('')

function suggestion(call: string, glass: string): string {
  const near = callNames().filter(
    name => call.length > 1 && (name.includes(call) || call.includes(`_${name}`)),
  )
  return near.length > 0 && near.length <= 24
    ? `; there are ${near.join(', ')}`
    : `\n'${glass} explain' lists all calls`
}
