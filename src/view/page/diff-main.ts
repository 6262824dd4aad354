/** Starts the page of a comparison: over what a report has in it, or over the server that sent it. */
import { openComparisonReport } from '../embedded-source.ts'
import { startDiff } from './diff-start.tsx'
import { httpComparison } from './http-source.ts'

const report = globalThis.sysglassReport
startDiff(
  report === undefined ? httpComparison : await openComparisonReport(report),
  document.getElementById('page')!,
)
