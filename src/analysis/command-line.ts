/** A command line as a shell would take it; null where there is none. */
export function commandOf(argv: unknown): string | null {
  if (!Array.isArray(argv)) return null
  return argv
    .filter(word => typeof word === 'string')
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}
