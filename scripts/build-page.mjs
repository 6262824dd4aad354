/** Makes the page of `glass view`: one file with its script and its style in it, which asks nobody else for anything. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, 'src/view/page')

/** Bundles the script that starts the page, and writes the page to a file. */
export async function buildPage(entry, outfile) {
  const [script, style] = await Promise.all([
    bundle({ entryPoints: [entry], format: 'esm' }),
    bundle({ entryPoints: [join(folder, 'page.css')] }),
  ])
  const shell = readFileSync(join(folder, 'page.html'), 'utf8')
  // Functions, since a replacement's text would have its dollars taken for something else.
  const page = shell
    .replace('/* style */', () => style.trim())
    .replace('/* script */', () => script.trim().replaceAll('</script', '<\\/script'))
  writeFileSync(outfile, page)
}

async function bundle(options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: ['chrome115', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
    ...options,
  })
  return outputFiles[0].text
}
