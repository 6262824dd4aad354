/**
 * Names of C++ functions out of their symbols: the mangling of the Itanium C++ ABI, chapter 5.1. What it does not understand it
 * returns as it is. Written as the GNU tools write it: `ns::f(int, char const*)`.
 */

import { builtins, extended, operators, standard } from './cxx-codes.ts'

/** A symbol's readable name, or the symbol. */
export function demangle(symbol: string): string {
  if (!symbol.startsWith('_Z')) return symbol
  try {
    const dot = symbol.indexOf('.')
    const parser = new Demangler(dot < 0 ? symbol : symbol.slice(0, dot))
    const name = parser.symbol()
    const clones = dot < 0 ? [] : (symbol.slice(dot).match(/\.[A-Za-z_]+(?:\.\d+)*|\.\d+/g) ?? [])
    return name + clones.map(clone => ` [clone ${clone}]`).join('')
  } catch (error) {
    if (error instanceof NotUnderstood) return symbol
    throw error
  }
}

class NotUnderstood extends Error {}

/** A type as C++ writes one: what stands before a declarator and what stands after it. */
interface TypeText {
  readonly before: string
  readonly after: string
}
const plain = (before: string): TypeText => ({ before, after: '' })
const show = ({ before, after }: TypeText): string =>
  after.startsWith('(') ? `${before} ${after}` : before + after

const maxDepth = 200
const maxLength = 1 << 16

class Demangler {
  readonly #text: string
  #at = 0
  #depth = 0
  /** What S_, S0_, … stand for. */
  readonly #seen: TypeText[] = []
  /** What T_, T0_, … stand for: arguments of the innermost template. */
  #arguments: (string | readonly string[])[] = []
  /** Of a pack that is expanded: which element, and how many there are. */
  #element = 0
  #elements = 0
  /** The last name that was read, for constructors. */
  #last = ''
  /** The name ends in template arguments, so its type begins with what it returns. */
  #isTemplate = false
  /** Constructors, destructors and conversions return nothing that is written. */
  #noReturn = false
  /** What follows a member function's parameters: const, &, &&. */
  #qualifiers = ''

  constructor(text: string) {
    this.#text = text
  }

  symbol(): string {
    this.#expect('_Z')
    const name = this.#encoding()
    if (this.#at !== this.#text.length) throw new NotUnderstood()
    return name
  }

  #encoding(): string {
    return this.#nested(() => {
      const special = this.#special()
      if (special !== null) return special
      this.#isTemplate = this.#noReturn = false
      this.#qualifiers = ''
      const name = this.#name()
      const [isTemplate, noReturn, qualifiers] = [this.#isTemplate, this.#noReturn, this.#qualifiers]
      if (this.#at === this.#text.length || this.#peek('E')) return name
      const returns = isTemplate && !noReturn ? this.#type() : null
      const whole = `${name}(${this.#parameters()})${qualifiers}`
      if (returns === null) return whole
      const space = /[*&(]$/.test(returns.before) && returns.after !== '' ? '' : ' '
      return `${returns.before}${space}${whole}${returns.after}`
    })
  }

  /** Tables, thunks, guards. */
  #special(): string | null {
    const kinds: { readonly [code: string]: string } = {
      TV: 'vtable for ',
      TT: 'VTT for ',
      TI: 'typeinfo for ',
      TS: 'typeinfo name for ',
    }
    const two = this.#text.slice(this.#at, this.#at + 2)
    if (kinds[two] !== undefined) {
      this.#at += 2
      return kinds[two] + show(this.#type())
    }
    if (two === 'GV' || two === 'TW' || two === 'TH') {
      this.#at += 2
      const what = {
        GV: 'guard variable for ',
        TW: 'TLS wrapper function for ',
        TH: 'TLS init function for ',
      }[two]
      return what + this.#name()
    }
    if (two === 'Th' || two === 'Tv') {
      this.#at += 2
      this.#number()
      this.#expect('_')
      if (two === 'Tv') {
        this.#number()
        this.#expect('_')
      }
      return `${two === 'Th' ? 'non-virtual' : 'virtual'} thunk to ${this.#encoding()}`
    }
    return null
  }

  #name(): string {
    if (this.#take('N')) return this.#nestedName()
    if (this.#take('Z')) return this.#localName()
    if (this.#peek('S') && !this.#peek('St')) {
      const base = show(this.#substitution())
      return this.#peek('I') ? base + this.#templateArguments() : base
    }
    const name = this.#take('St') ? `std::${this.#unqualified()}` : this.#unqualified()
    if (!this.#peek('I')) return name
    this.#remember(plain(name))
    return this.#join(name, this.#templateArguments())
  }

  #nestedName(): string {
    let qualifiers = ''
    while (this.#peek('r') || this.#peek('V') || this.#peek('K'))
      qualifiers =
        { r: ' restrict', V: ' volatile', K: ' const' }[this.#next() as 'r' | 'V' | 'K'] + qualifiers
    if (this.#take('R')) qualifiers += ' &'
    else if (this.#take('O')) qualifiers += ' &&'
    let name = ''
    let isTemplate = false
    while (!this.#take('E')) {
      if (this.#peek('I')) {
        name = this.#join(name, this.#templateArguments())
        isTemplate = true
      } else if (this.#peek('S') && !this.#peek('St')) {
        name = show(this.#substitution())
        isTemplate = false
        continue
      } else if (this.#peek('T')) {
        name = show(this.#templateParameter())
      } else if (this.#peek('D') && (this.#peek('Dt') || this.#peek('DT'))) {
        throw new NotUnderstood()
      } else {
        const part = this.#take('St') ? 'std' : this.#unqualified()
        name = name === '' ? part : `${name}::${part}`
        isTemplate = false
        if (part === 'std' && !this.#peek('E')) continue
      }
      if (!this.#peek('E')) this.#remember(plain(name))
    }
    this.#isTemplate = isTemplate
    this.#qualifiers = qualifiers
    return name
  }

  #localName(): string {
    const outer = this.#encoding()
    this.#expect('E')
    if (this.#take('s')) {
      this.#discriminator()
      this.#isTemplate = false
      return `${outer}::string literal`
    }
    if (this.#take('d')) {
      const which = this.#peek('_') ? 1 : this.#number() + 2
      this.#expect('_')
      return `${outer}::{default arg#${which}}::${this.#name()}`
    }
    this.#isTemplate = this.#noReturn = false
    this.#qualifiers = ''
    const inner = this.#name()
    this.#discriminator()
    return `${outer}::${inner}`
  }

  #discriminator(): void {
    if (!this.#take('_')) return
    if (this.#take('_')) {
      this.#number()
      this.#expect('_')
    } else this.#next()
  }

  #unqualified(): string {
    let name: string
    const c = this.#text[this.#at]
    if (c === undefined) throw new NotUnderstood()
    if (c >= '0' && c <= '9') name = this.#sourceName()
    else if (this.#take('L')) return this.#unqualified()
    else if (this.#peek('C') || (this.#peek('D') && /^D[0-5]/.test(this.#text.slice(this.#at)))) {
      const destructor = this.#next() === 'D'
      if (!destructor) this.#take('I')
      this.#next()
      this.#noReturn = true
      name = destructor ? `~${this.#last}` : this.#last
    } else if (this.#peek('U')) name = this.#unnamed()
    else name = this.#operator()
    const bare = this.#last
    while (this.#take('B')) name += `[abi:${this.#sourceName()}]`
    this.#last = bare
    return name
  }

  #sourceName(): string {
    const length = this.#number()
    const name = this.#text.slice(this.#at, this.#at + length)
    if (length === 0 || name.length !== length) throw new NotUnderstood()
    this.#at += length
    this.#last = name
    return /^_GLOBAL_[._$]N/.test(name) ? '(anonymous namespace)' : name
  }

  #unnamed(): string {
    this.#expect('U')
    const lambda = this.#take('l')
    if (!lambda) this.#expect('t')
    const parameters = lambda ? this.#parameters() : ''
    if (lambda) this.#expect('E')
    const which = this.#peek('_') ? 1 : this.#number() + 2
    this.#expect('_')
    return lambda ? `{lambda(${parameters})#${which}}` : `{unnamed type#${which}}`
  }

  #operator(): string {
    const code = this.#text.slice(this.#at, this.#at + 2)
    if (code === 'cv') {
      this.#at += 2
      this.#noReturn = true
      return `operator ${show(this.#type())}`
    }
    if (code === 'li') {
      this.#at += 2
      return `operator"" ${this.#sourceName()}`
    }
    const operator = operators[code]
    if (operator === undefined) throw new NotUnderstood()
    this.#at += 2
    return `operator${operator}`
  }

  #templateArguments(): string {
    return this.#nested(() => {
      this.#expect('I')
      const list: (string | readonly string[])[] = []
      while (!this.#take('E')) {
        // The type of a conversion operator may speak of arguments that stand in the list itself.
        list.push(this.#templateArgument())
      }
      this.#arguments = list
      this.#isTemplate = true
      const text = list.flat().join(', ')
      return `<${text}${text.endsWith('>') ? ' ' : ''}>`
    })
  }

  #templateArgument(): string | readonly string[] {
    const outer = this.#arguments
    const last = this.#last
    try {
      if (this.#take('J')) {
        const pack: string[] = []
        while (!this.#take('E')) pack.push(...[this.#templateArgument()].flat())
        return pack
      }
      if (this.#take('L')) return this.#literal()
      if (this.#peek('X')) throw new NotUnderstood()
      return this.#take('Dp') ? this.#expansion() : show(this.#type())
    } finally {
      this.#arguments = outer
      this.#last = last
    }
  }

  /** A value: 5, true, (ns::e)1. */
  #literal(): string {
    if (this.#take('_Z')) {
      const name = this.#encoding()
      this.#expect('E')
      return name
    }
    const code = this.#text[this.#at]
    const type = show(this.#type())
    const digits = /^n?[0-9a-f]*/.exec(this.#text.slice(this.#at))![0]
    this.#at += digits.length
    this.#expect('E')
    const value = digits.replace('n', '-')
    if (code === 'b' && (value === '0' || value === '1')) return value === '1' ? 'true' : 'false'
    if (code === 'i') return value
    const suffix = { j: 'u', l: 'l', m: 'ul', x: 'll', y: 'ull' }[code ?? '']
    return suffix === undefined ? `(${type})${value}` : value + suffix
  }

  #parameters(): string {
    const list: string[] = []
    while (this.#at < this.#text.length && !this.#peek('E')) {
      if (this.#take('Dp')) list.push(...this.#expansion())
      else list.push(show(this.#type()))
    }
    return list.length === 1 && list[0] === 'void' ? '' : list.join(', ')
  }

  /** A type that speaks of a pack, for each of its elements. */
  #expansion(): string[] {
    const list: string[] = []
    const [start, outer] = [this.#at, this.#element]
    const seen = this.#seen.length
    let end = start
    this.#element = this.#elements = 0
    do {
      this.#at = start
      // What it adds to the names to come it adds once.
      if (this.#element > 0) this.#seen.length = seen
      list.push(show(this.#type()))
      end = this.#at
    } while (++this.#element < this.#elements)
    if (this.#elements === 0) list.length = 0
    this.#element = outer
    this.#at = end
    return list
  }

  #type(): TypeText {
    return this.#nested(() => {
      const c = this.#text[this.#at]
      if (c === undefined) throw new NotUnderstood()
      if (c === 'S' && !this.#peek('St')) {
        const base = this.#substitution()
        if (!this.#peek('I')) return base
        return this.#remember(plain(this.#join(show(base), this.#templateArguments())))
      }
      if (c === 'T') {
        const parameter = this.#remember(this.#templateParameter())
        return this.#peek('I')
          ? this.#remember(plain(show(parameter) + this.#templateArguments()))
          : parameter
      }
      if (builtins[c] !== undefined && !(c >= '0' && c <= '9')) {
        this.#at++
        return plain(builtins[c]!)
      }
      switch (c) {
        case 'P':
          return this.#declarator('*')
        case 'R':
          return this.#declarator('&')
        case 'O':
          return this.#declarator('&&')
        case 'K':
        case 'V':
        case 'r':
          return this.#qualified()
        case 'F':
          return this.#remember(this.#functionType())
        case 'A':
          return this.#remember(this.#arrayType())
        case 'M':
          return this.#remember(this.#memberPointer())
        case 'D':
          return this.#extendedType()
        case 'u':
          this.#at++
          return this.#remember(plain(this.#sourceName()))
        case 'C':
        case 'G':
        case 'U':
          throw new NotUnderstood()
      }
      const [isTemplate, qualifiers, noReturn, args] = [
        this.#isTemplate,
        this.#qualifiers,
        this.#noReturn,
        this.#arguments,
      ]
      const name = this.#name()
      this.#isTemplate = isTemplate
      this.#qualifiers = qualifiers
      this.#noReturn = noReturn
      this.#arguments = args
      return this.#remember(plain(name))
    })
  }

  #declarator(mark: string): TypeText {
    this.#at++
    const { before, after } = this.#type()
    // A reference to a reference is one; && to & is &.
    if (mark !== '*' && before.endsWith('&')) {
      const text = mark === '&' || !before.endsWith('&&') ? before.replace(/&+$/, '&') : before
      return this.#remember({ before: text, after })
    }
    if (after.startsWith('(') || after.startsWith(' ['))
      return this.#remember({ before: `${before} (${mark}`, after: `)${after}` })
    return this.#remember({ before: before + mark, after })
  }

  #qualified(): TypeText {
    let qualifiers = ''
    while (this.#peek('r') || this.#peek('V') || this.#peek('K'))
      qualifiers =
        { r: ' restrict', V: ' volatile', K: ' const' }[this.#next() as 'r' | 'V' | 'K'] + qualifiers
    const { before, after } = this.#type()
    // const of what is const already.
    if (after === '' && before.endsWith(qualifiers)) return this.#remember(plain(before))
    return this.#remember(
      after.startsWith('(') ? { before, after: after + qualifiers } : { before: before + qualifiers, after },
    )
  }

  #functionType(): TypeText {
    this.#expect('F')
    this.#take('Y')
    const { before, after } = this.#type()
    const parameters = this.#parameters()
    this.#expect('E')
    return { before, after: `(${parameters})${after}` }
  }

  #arrayType(): TypeText {
    this.#expect('A')
    const size = /^\d*/.exec(this.#text.slice(this.#at))![0]
    this.#at += size.length
    this.#expect('_')
    const { before, after } = this.#type()
    return { before, after: ` [${size}]${after.trimStart()}` }
  }

  #memberPointer(): TypeText {
    this.#expect('M')
    const owner = show(this.#type())
    const { before, after } = this.#type()
    return after.startsWith('(')
      ? { before: `${before} (${owner}::*`, after: `)${after}` }
      : { before: `${before} ${owner}::*`, after }
  }

  #extendedType(): TypeText {
    const code = this.#text[this.#at + 1] ?? ''
    if (code === 'p') {
      this.#at += 2
      return this.#type()
    }
    if (code === 'o') {
      this.#at += 2
      return this.#type()
    }
    const name = extended[code]
    if (name === undefined) throw new NotUnderstood()
    this.#at += 2
    return plain(name)
  }

  #templateParameter(): TypeText {
    this.#expect('T')
    const index = this.#peek('_') ? 0 : this.#number() + 1
    this.#expect('_')
    const found = this.#arguments[index]
    if (found === undefined) throw new NotUnderstood()
    if (typeof found === 'string') return splitDeclarator(found)
    this.#elements = Math.max(this.#elements, found.length)
    return splitDeclarator(found[this.#element] ?? '')
  }

  #substitution(): TypeText {
    this.#expect('S')
    const c = this.#next()
    const known = standard[c]
    if (known !== undefined) {
      this.#last = known[1]
      return plain(known[0])
    }
    let index = 0
    if (c !== '_') {
      let digits = c
      while (!this.#take('_')) digits += this.#next()
      if (!/^[0-9A-Z]{1,4}$/.test(digits)) throw new NotUnderstood()
      index = Number.parseInt(digits, 36) + 1
    }
    const seen = this.#seen[index]
    if (seen === undefined) throw new NotUnderstood()
    const bare = seen.before.replace(/<.*>$/s, '')
    this.#last = /(?:::)?([^:]*)$/.exec(bare)?.[1] ?? ''
    return seen
  }

  /** `operator<` and template arguments need a blank between them. */
  #join(name: string, templateArguments: string): string {
    return name.endsWith('<') ? `${name} ${templateArguments}` : name + templateArguments
  }

  #remember(type: TypeText): TypeText {
    if (type.before.length + type.after.length > maxLength) throw new NotUnderstood()
    this.#seen.push(type)
    return type
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > maxDepth) throw new NotUnderstood()
    const result = parse()
    this.#depth--
    return result
  }

  #number(): number {
    const digits = /^n?\d+/.exec(this.#text.slice(this.#at, this.#at + 12))?.[0]
    if (digits === undefined) throw new NotUnderstood()
    this.#at += digits.length
    return Number(digits.replace('n', '-'))
  }

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }
  #take(text: string): boolean {
    if (!this.#peek(text)) return false
    this.#at += text.length
    return true
  }
  #expect(text: string): void {
    if (!this.#take(text)) throw new NotUnderstood()
  }
  #next(): string {
    const c = this.#text[this.#at++]
    if (c === undefined) throw new NotUnderstood()
    return c
  }
}

/** The text of a template's argument as a type again: what comes after a function's or an array's declarator. */
function splitDeclarator(text: string): TypeText {
  const match = /^(.*?)( \((?:[^()]*::)?[*&]+)(\).*)$/s.exec(text)
  if (match !== null) return { before: match[1]! + match[2]!, after: match[3]! }
  const isFunction = /^([^()]*) (\(.*\))$/s.exec(text)
  return isFunction === null ? plain(text) : { before: isFunction[1]!, after: isFunction[2]! }
}
