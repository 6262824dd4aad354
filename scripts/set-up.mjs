/** What `./sysglass` runs when there is no build, or an old one: dependencies, then the bundles. */
import './ensure-installed.mjs'

process.stderr.write('sysglass: building ...\n')
await import('./build.mjs')
