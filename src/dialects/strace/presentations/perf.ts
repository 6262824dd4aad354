/** perf_event_open. */
import { perfAttributes } from '../perf-attributes.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import { argumentsWith } from './arguments.ts'

const perfEventOpen: Presentation = scope => {
  const { type } = scope.args[0]!
  return type.kind === 'pointer' && type.to.kind === 'struct'
    ? argumentsWith(scope, { attr: perfAttributes(scope, type.to) })
    : argumentsWith(scope, {})
}

export const perfPresentations: Presentations = { perf_event_open: perfEventOpen }
