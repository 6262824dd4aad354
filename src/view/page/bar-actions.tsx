/** What every page's bar has at its end: light or dark, a link to what is seen, the keys. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { SharedPage } from './page-state.ts'
import { applyTheme, storedTheme, type Theme, themes } from './theme.ts'

/** The theme in force, and what turns to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(storedTheme)
  useEffect(() => {
    applyTheme(theme)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const turn = (): void => applyTheme(theme)
    scheme.addEventListener('change', turn)
    return () => scheme.removeEventListener('change', turn)
  }, [theme])
  return [theme, () => setTheme(now => themes[(themes.indexOf(now) + 1) % themes.length]!)]
}

export function BarActions({
  store,
  theme,
  onTheme,
}: {
  store: SharedPage
  theme: Theme
  onTheme: () => void
}): JSX.Element {
  return (
    <div class="bar-actions">
      <button type="button" class="quiet" title="Light or dark (t)" onClick={onTheme}>
        {theme}
      </button>
      <button
        type="button"
        class="quiet"
        title="Copy a link to what is seen (l)"
        onClick={() => store.copyLink()}
      >
        link
      </button>
      <button
        type="button"
        class="quiet"
        title="Keys (?)"
        aria-label="Help"
        onClick={() => store.set({ help: true })}
      >
        ?
      </button>
    </div>
  )
}
