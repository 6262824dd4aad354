/** The shell's patterns of names. */

/** A regular expression that says the same: `*` and `?` stop at a slash, `**` does not. */
export function globExpression(pattern: string): string {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '*') {
      const deep = pattern[i + 1] === '*'
      out += deep ? '.*' : '[^/]*'
      if (deep) i++
    } else if (char === '?') out += '[^/]'
    else out += char.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  }
  return out
}
