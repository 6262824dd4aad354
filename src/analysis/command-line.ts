/** Words as a shell would take them. */
export const shellWords = (words: readonly string[]): string =>
  words.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')

/** A command line as a shell would take it; null where there is none. */
export const commandOf = (argv: unknown): string | null =>
  Array.isArray(argv) ? shellWords(argv.filter(word => typeof word === 'string')) : null
