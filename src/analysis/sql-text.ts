/** SQL as somebody types it: where a statement ends. */

/** Quoted texts and names, texts between $$, comments: what is inside ends nothing. An open one reaches to the end. */
const closed =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$(?:[\s\S]*?\$\1\$|[\s\S]*$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const isComment = (part: string): boolean => /^(?:--|\/\*)/.test(part)

/** The statement with each quoted part as an x, and without comments. */
const bare = (sql: string): string => sql.replace(closed, part => (isComment(part) ? ' ' : 'x'))

/** Whether `sql` is a whole statement: its last word is a `;` that stands in no quotes. */
export const endsStatement = (sql: string): boolean => /;\s*$/.test(bare(sql))

/** How many statements there are. */
export const statementsOf = (sql: string): number =>
  bare(sql)
    .split(';')
    .filter(part => part.trim() !== '').length

/** Nothing but space and comments. */
export const isBlank = (sql: string): boolean => bare(sql).trim() === ''
