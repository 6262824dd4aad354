import { Refusal } from './refusal.ts'

/**
 * POSIX extended regular expressions on JavaScript's: the same sets of names match. The reading of doubtful
 * expressions, the extra escapes (\w, \<, ...) and the wording of errors are those of the GNU C library.
 */
export function compilePosixRegex(source: string): RegExp | Refusal {
  const reader = new Reader(source)
  try {
    const translated = reader.alternatives(0)
    if (reader.problem === null) return new RegExp(translated, 's')
  } catch (error) {
    // Nested or repeated beyond what a stack holds.
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error
    reader.problem = problems.tooBig
  }
  return new Refusal(`regcomp: ${source}: ${reader.problem}`)
}

const problems = {
  bracketAtEnd: 'Invalid regular expression',
  openBracket: 'Unmatched [, [^, [:, [., or [=',
  openGroup: 'Unmatched ( or \\(',
  openCount: 'Unmatched \\{',
  badCount: 'Invalid content of \\{\\}',
  tooBig: 'Regular expression too big',
  badRange: 'Invalid range end',
  badClass: 'Invalid character class name',
  badElement: 'Invalid collation character',
  nothingToRepeat: 'Invalid preceding regular expression',
  badReference: 'Invalid back reference',
  backslashAtEnd: 'Trailing backslash',
}

/** ASCII, as in the C locale. */
const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t-\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

/** Escapes that match a place rather than a character; a count cannot follow them. */
const placeEscapes: Readonly<Record<string, string>> = {
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '^',
  "'": '$',
}

const maxCount = 32767

const literal = (char: string) => (/[\\^$.*+?()[\]{}|/-]/.test(char) ? '\\' + char : char)

class Reader {
  #at = 0
  #groups = 0
  readonly #closed = new Set<number>()
  problem: string | null = null

  constructor(readonly source: string) {}

  /** Up to the end, or in a group up to the `)` that closes it. */
  alternatives(depth: number): string {
    let out = ''
    /** The piece that a count would apply to; null at the beginning and after a place. */
    let last: string | null = null
    let counted = false
    const push = (piece: string | null, place = '') => {
      out += last ?? ''
      if (piece === null) out += place
      last = piece
      counted = false
    }
    while (this.problem === null && this.#at < this.source.length) {
      const char = this.source[this.#at]!
      if (char === ')' && depth > 0) break
      if ('*+?{'.includes(char)) {
        const count = this.#count(char, last !== null)
        // JavaScript reads a second count as a mode of the first.
        if (last !== null) last = (counted ? `(?:${last})` : last) + count
        counted = true
        continue
      }
      this.#at++
      if (char === '|') push(null, '|')
      else if (char === '^' || char === '$') push(null, char)
      else if (char === '(') push(this.#group(depth + 1))
      else if (char === '[') push(this.#bracket())
      else if (char === '\\') {
        const place = placeEscapes[this.source[this.#at] ?? '']
        if (place === undefined) push(this.#escape())
        else {
          this.#at++
          push(null, place)
        }
      } else push(char === '.' ? '.' : literal(char))
    }
    return out + (last ?? '')
  }

  #fail(problem: string): '' {
    this.problem ??= problem
    return ''
  }

  #group(depth: number): string {
    const number = ++this.#groups
    const inside = this.alternatives(depth)
    if (this.problem !== null) return ''
    if (this.source[this.#at] !== ')') return this.#fail(problems.openGroup)
    this.#at++
    this.#closed.add(number)
    return `(${inside})`
  }

  #count(char: string, repeatable: boolean): string {
    if (!repeatable) return this.#fail(problems.nothingToRepeat)
    this.#at++
    if (char !== '{') return char
    const end = this.source.indexOf('}', this.#at)
    if (end === -1) return this.#fail(problems.openCount)
    const bounds = /^(\d*)(?:(,)(\d*))?$/.exec(this.source.slice(this.#at, end))
    if (bounds === null || bounds[0] === '' || bounds[0] === ',') return this.#fail(problems.badCount)
    const low = Number(bounds[1] || 0)
    const high =
      bounds[2] === undefined ? low : bounds[3] === '' ? Number.POSITIVE_INFINITY : Number(bounds[3])
    if (high < low) return this.#fail(problems.badCount)
    if (low > maxCount || (high > maxCount && high !== Number.POSITIVE_INFINITY))
      return this.#fail(problems.tooBig)
    this.#at = end + 1
    return high === low ? `{${low}}` : `{${low},${high === Number.POSITIVE_INFINITY ? '' : high}}`
  }

  #escape(): string {
    const char = this.source[this.#at]
    if (char === undefined) return this.#fail(problems.backslashAtEnd)
    this.#at++
    if (/[wWsS]/.test(char)) return '\\' + char
    if (!/[1-9]/.test(char)) return literal(char)
    if (!this.#closed.has(Number(char))) return this.#fail(problems.badReference)
    // Wrapped, as a digit may follow.
    return `(?:\\${char})`
  }

  #bracket(): string {
    if (this.source[this.#at] === undefined) return this.#fail(problems.bracketAtEnd)
    const inverted = this.source[this.#at] === '^'
    if (inverted) this.#at++
    if (this.source[this.#at] === undefined) return this.#fail(problems.bracketAtEnd)
    let members = ''
    for (let first = true; ; first = false) {
      const char = this.source[this.#at]
      if (char === undefined) return this.#fail(problems.openBracket)
      if (char === ']' && !first) break
      const start = this.#element()
      if (this.problem !== null) return ''
      if (!this.#atRange()) {
        members += start.set ?? literal(start.char)
        continue
      }
      this.#at++
      const end = this.#element()
      if (this.problem !== null) return ''
      if (start.set !== undefined || end.set !== undefined || end.char < start.char)
        return this.#fail(problems.badRange)
      members += `${literal(start.char)}-${literal(end.char)}`
      // One that begins where another ended.
      if (this.#atRange()) return this.#fail(problems.badRange)
    }
    this.#at++
    return `[${inverted ? '^' : ''}${members}]`
  }

  /** Whether a `-` stands here that is not the last of its bracket. */
  #atRange(): boolean {
    return this.source[this.#at] === '-' && this.source[this.#at + 1] !== ']'
  }

  /** One char, or a whole class: `a`, `[.a.]`, `[=a=]`, `[:alpha:]`. */
  #element(): { readonly char: string; readonly set?: string } {
    const char = this.source[this.#at++]
    if (char === undefined) return { char: this.#fail(problems.openBracket) }
    const kind = this.source[this.#at]
    if (char !== '[' || kind === undefined || !'.=:'.includes(kind)) return { char }
    const end = this.source.indexOf(kind + ']', this.#at + 1)
    if (end === -1) return { char: this.#fail(problems.openBracket) }
    const name = this.source.slice(this.#at + 1, end)
    this.#at = end + 2
    if (kind === ':') {
      if (!Object.hasOwn(classes, name)) return { char: this.#fail(problems.badClass) }
      return { char, set: classes[name]! }
    }
    if (name.length !== 1) return { char: this.#fail(problems.badElement) }
    return kind === '=' ? { char: name, set: literal(name) } : { char: name }
  }
}
