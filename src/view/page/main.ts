/** Starts the page over the server that sent it. */
import { httpSource } from './http-source.ts'
import { start } from './start.tsx'

start(httpSource, document.getElementById('page')!)
