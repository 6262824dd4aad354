/** In bundles the layouts of structures are text until they are asked for: a run needs a few of its hundreds. */
import { readFile } from 'node:fs/promises'

/** An esbuild plugin. */
export const lazyLayouts = {
  name: 'lazy-layouts',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /\/src\/abi\/layouts\.ts$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, 'utf8'), { loader: 'ts', format: 'esm' })
      const { layouts } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
      const texts = Object.fromEntries(
        Object.entries(layouts).map(([name, layout]) => [name, JSON.stringify(layout)]),
      )
      const contents = `const made = Object.create(null)
export const layouts = new Proxy(${JSON.stringify(texts)}, {
  get: (texts, name) => (made[name] ??= Object.hasOwn(texts, name) ? JSON.parse(texts[name]) : undefined),
})`
      return { contents, loader: 'js' }
    })
  },
}
