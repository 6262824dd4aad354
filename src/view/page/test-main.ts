/** Starts the page over made-up calls: `#` of the address is the page's, so the wishes stand before it. */
import { start } from './start.tsx'
import { testSource } from './test-source.ts'

const wishes = new URLSearchParams(location.search)
const number = (name: string, usual: number): number => Number(wishes.get(name) ?? usual)
const steps = number('steps', 0)
start(
  testSource({
    calls: number('calls', 20_000),
    lanes: number('lanes', 14),
    ...(steps === 0 ? {} : { live: { every: number('every', 250), steps } }),
  }),
  document.getElementById('page')!,
)
