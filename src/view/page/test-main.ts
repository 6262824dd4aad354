/** Starts the page over made-up calls: `#` of the address is the page's, so the wishes stand before it. */
import { start } from './start.tsx'
import { testSource } from './test-source.ts'

const wishes = new URLSearchParams(location.search)
const number = (name: string, usual: number): number => Number(wishes.get(name) ?? usual)
/** A program that runs has made this much of its calls; a test says when there are more. */
let share = number('share', 1)
Object.assign(globalThis, {
  grow(to: number) {
    share = to
  },
})
start(
  testSource({ calls: number('calls', 20_000), lanes: number('lanes', 14), share: () => share }),
  document.getElementById('page')!,
)
