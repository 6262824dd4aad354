/** Starts the page: over the server that sent it, or over what a report has in it. */
import { httpSource } from './http-source.ts'

const overview = await httpSource.overview()
document.title = overview.title
