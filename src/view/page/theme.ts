/** Light or dark: as the system has it, until one says otherwise. */
export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
const key = 'sysglass-theme'

export function storedTheme(): Theme {
  try {
    return themes.find(theme => theme === localStorage.getItem(key)) ?? 'auto'
  } catch {
    // A report from a file may have no storage.
    return 'auto'
  }
}

export function applyTheme(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Then it lasts as long as the page.
  }
}
