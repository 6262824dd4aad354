/** Starts the page: over what a report has in it, or over the server that sent it. */
import { openReport } from '../embedded-source.ts'
import { httpSource } from './http-source.ts'
import { start } from './start.tsx'

const report = globalThis.sysglassReport
start(report === undefined ? httpSource : await openReport(report), document.getElementById('page')!)
