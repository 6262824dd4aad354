/** Types as C++ writes them: a declarator stands in the middle of what it declares. */

/** What stands before a declarator and what stands after it. */
export interface TypeText {
  readonly before: string
  readonly after: string
}

export const plain = (before: string): TypeText => ({ before, after: '' })

export const show = ({ before, after }: TypeText): string =>
  after.startsWith('(') ? `${before} ${after}` : before + after

/** `*`, `&` or `&&` of a type. */
export function pointerTo({ before, after }: TypeText, mark: string): TypeText {
  // A reference to a reference is one; && to & is &.
  if (mark !== '*' && before.endsWith('&'))
    return { before: mark === '&' || !before.endsWith('&&') ? before.replace(/&+$/, '&') : before, after }
  if (after.startsWith('(') || after.startsWith(' ['))
    return { before: `${before} (${mark}`, after: `)${after}` }
  return { before: before + mark, after }
}

/** With ` const` and its like behind it. */
export function qualified({ before, after }: TypeText, qualifiers: string): TypeText {
  // const of what is const already.
  if (after === '' && before.endsWith(qualifiers)) return plain(before)
  return after.startsWith('(')
    ? { before, after: after + qualifiers }
    : { before: before + qualifiers, after }
}

export const memberOf = (owner: string, { before, after }: TypeText): TypeText =>
  after.startsWith('(')
    ? { before: `${before} (${owner}::*`, after: `)${after}` }
    : { before: `${before} ${owner}::*`, after }

/** The text of a template's argument as a type again: what comes after a function's or an array's declarator. */
export function splitDeclarator(text: string): TypeText {
  const match = /^(.*?)( \((?:[^()]*::)?[*&]+)(\).*)$/s.exec(text)
  if (match !== null) return { before: match[1]! + match[2]!, after: match[3]! }
  const isFunction = /^([^()]*) (\(.*\))$/s.exec(text)
  return isFunction === null ? plain(text) : { before: isFunction[1]!, after: isFunction[2]! }
}
