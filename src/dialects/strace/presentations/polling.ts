/** How arguments of calls that wait for descriptors look where their types do not say it. */
import type { Presentation, Presentations } from '../presentations.ts'
import { argumentsWith, entered, shownLate } from './arguments.ts'

/** What is waited for is shown at the enter; what came of it stands beside the result. */
const waited =
  (...changed: readonly string[]): Presentation =>
  scope =>
    argumentsWith(scope, {}).map(shown => (changed.includes(shown.arg) ? entered(scope, shown.arg) : shown))

/** Arguments after the events are shown at the exit. */
const afterEvents =
  (...late: readonly string[]): Presentation =>
  scope =>
    argumentsWith(scope, {}).map(shown => (late.includes(shown.arg) ? shownLate(scope, shown.arg) : shown))

const sets = ['readfds', 'writefds', 'exceptfds', 'timeout']

export const pollingPresentations: Presentations = {
  poll: waited('fds'),
  ppoll: waited('fds', 'tmo_p'),
  select: waited(...sets),
  pselect6: waited(...sets),
  epoll_pwait: afterEvents('sigmask'),
  epoll_pwait2: afterEvents('timeout', 'sigmask'),
}
