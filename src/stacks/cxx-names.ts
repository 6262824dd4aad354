/**
 * Names of C++ functions out of their symbols: the mangling of the Itanium C++ ABI, chapter 5.1. What it does not understand it
 * returns as it is. Written as the GNU tools write it: `ns::f(int, char const*)`.
 */

import { builtins, extended, operators, standard } from './cxx-codes.ts'
import {
  memberOf,
  plain,
  pointerTo,
  qualified,
  show,
  splitDeclarator,
  type TypeText,
} from './cxx-type-text.ts'
import { NotUnderstood, SymbolReader } from './symbol-reader.ts'

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

/** What the compiler makes of types, and of names. */
const ofTypes = { TV: 'vtable for ', TT: 'VTT for ', TI: 'typeinfo for ', TS: 'typeinfo name for ' }
const ofNames = {
  GV: 'guard variable for ',
  TW: 'TLS wrapper function for ',
  TH: 'TLS init function for ',
}

const maxDepth = 200
const maxLength = 1 << 16

class Demangler {
  readonly #in: SymbolReader
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
    this.#in = new SymbolReader(text)
  }

  symbol(): string {
    this.#in.expect('_Z')
    const name = this.#encoding()
    if (!this.#in.isAtEnd) throw new NotUnderstood()
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
      if (this.#in.isAtEnd || this.#in.peek('E')) return name
      const returns = isTemplate && !noReturn ? this.#type() : null
      const whole = `${name}(${this.#parameters()})${qualifiers}`
      if (returns === null) return whole
      const space = /[*&(]$/.test(returns.before) && returns.after !== '' ? '' : ' '
      return `${returns.before}${space}${whole}${returns.after}`
    })
  }

  /** Tables, thunks, guards. */
  #special(): string | null {
    for (const [code, what] of Object.entries(ofTypes))
      if (this.#in.take(code)) return what + show(this.#type())
    for (const [code, what] of Object.entries(ofNames)) if (this.#in.take(code)) return what + this.#name()
    if (this.#in.take('Th')) {
      this.#in.numberWithEnd()
      return `non-virtual thunk to ${this.#encoding()}`
    }
    if (this.#in.take('Tv')) {
      this.#in.numberWithEnd()
      this.#in.numberWithEnd()
      return `virtual thunk to ${this.#encoding()}`
    }
    return null
  }

  #name(): string {
    if (this.#in.take('N')) return this.#nestedName()
    if (this.#in.take('Z')) return this.#localName()
    if (this.#in.peek('S') && !this.#in.peek('St')) {
      const base = show(this.#substitution())
      return this.#in.peek('I') ? base + this.#templateArguments() : base
    }
    const name = this.#in.take('St') ? `std::${this.#unqualified()}` : this.#unqualified()
    if (!this.#in.peek('I')) return name
    this.#remember(plain(name))
    return this.#join(name, this.#templateArguments())
  }

  #nestedName(): string {
    let qualifiers = this.#typeQualifiers()
    if (this.#in.take('R')) qualifiers += ' &'
    else if (this.#in.take('O')) qualifiers += ' &&'
    let name = ''
    let isTemplate = false
    while (!this.#in.take('E')) {
      if (this.#in.peek('I')) {
        name = this.#join(name, this.#templateArguments())
        isTemplate = true
      } else if (this.#in.peek('S') && !this.#in.peek('St')) {
        name = show(this.#substitution())
        isTemplate = false
        continue
      } else if (this.#in.peek('T')) {
        name = show(this.#templateParameter())
      } else if (this.#in.peek('D') && (this.#in.peek('Dt') || this.#in.peek('DT'))) {
        throw new NotUnderstood()
      } else {
        const part = this.#in.take('St') ? 'std' : this.#unqualified()
        name = name === '' ? part : `${name}::${part}`
        isTemplate = false
        if (part === 'std' && !this.#in.peek('E')) continue
      }
      if (!this.#in.peek('E')) this.#remember(plain(name))
    }
    this.#isTemplate = isTemplate
    this.#qualifiers = qualifiers
    return name
  }

  #localName(): string {
    const outer = this.#encoding()
    this.#in.expect('E')
    if (this.#in.take('s')) {
      this.#discriminator()
      this.#isTemplate = false
      return `${outer}::string literal`
    }
    if (this.#in.take('d')) {
      const which = this.#in.ordinal() + 1
      return `${outer}::{default arg#${which}}::${this.#name()}`
    }
    this.#isTemplate = this.#noReturn = false
    this.#qualifiers = ''
    const inner = this.#name()
    this.#discriminator()
    return `${outer}::${inner}`
  }

  #discriminator(): void {
    if (!this.#in.take('_')) return
    if (this.#in.take('_')) this.#in.numberWithEnd()
    else this.#in.next()
  }

  #unqualified(): string {
    let name: string
    const c = this.#in.ahead
    if (c === undefined) throw new NotUnderstood()
    if (c >= '0' && c <= '9') name = this.#sourceName()
    else if (this.#in.take('L')) return this.#unqualified()
    else if (this.#in.peek('C') || (this.#in.peek('D') && /^D[0-5]/.test(this.#in.rest))) {
      const destructor = this.#in.next() === 'D'
      if (!destructor) this.#in.take('I')
      this.#in.next()
      this.#noReturn = true
      name = destructor ? `~${this.#last}` : this.#last
    } else if (this.#in.peek('U')) name = this.#unnamed()
    else name = this.#operator()
    const bare = this.#last
    while (this.#in.take('B')) name += `[abi:${this.#sourceName()}]`
    this.#last = bare
    return name
  }

  #sourceName(): string {
    const length = this.#in.number()
    const name = this.#in.rest.slice(0, length)
    if (length <= 0 || name.length !== length) throw new NotUnderstood()
    this.#in.at += length
    this.#last = name
    return /^_GLOBAL_[._$]N/.test(name) ? '(anonymous namespace)' : name
  }

  #unnamed(): string {
    this.#in.expect('U')
    const lambda = this.#in.take('l')
    if (!lambda) this.#in.expect('t')
    const parameters = lambda ? this.#parameters() : ''
    if (lambda) this.#in.expect('E')
    const which = this.#in.ordinal() + 1
    return lambda ? `{lambda(${parameters})#${which}}` : `{unnamed type#${which}}`
  }

  #operator(): string {
    if (this.#in.take('cv')) {
      this.#noReturn = true
      return `operator ${show(this.#type())}`
    }
    if (this.#in.take('li')) return `operator"" ${this.#sourceName()}`
    const operator = operators[this.#in.next() + this.#in.next()]
    if (operator === undefined) throw new NotUnderstood()
    return `operator${operator}`
  }

  #templateArguments(): string {
    return this.#nested(() => {
      this.#in.expect('I')
      const list: (string | readonly string[])[] = []
      while (!this.#in.take('E')) {
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
      if (this.#in.take('J')) {
        const pack: string[] = []
        while (!this.#in.take('E')) pack.push(...[this.#templateArgument()].flat())
        return pack
      }
      if (this.#in.take('L')) return this.#literal()
      if (this.#in.peek('X')) throw new NotUnderstood()
      return this.#in.take('Dp') ? this.#expansion() : show(this.#type())
    } finally {
      this.#arguments = outer
      this.#last = last
    }
  }

  /** A value: 5, true, (ns::e)1. */
  #literal(): string {
    if (this.#in.take('_Z')) {
      const name = this.#encoding()
      this.#in.expect('E')
      return name
    }
    const code = this.#in.ahead
    const type = show(this.#type())
    const digits = this.#in.match(/^n?[0-9a-f]*/)
    this.#in.expect('E')
    const value = digits.replace('n', '-')
    if (code === 'b' && (value === '0' || value === '1')) return value === '1' ? 'true' : 'false'
    if (code === 'i') return value
    const suffix = { j: 'u', l: 'l', m: 'ul', x: 'll', y: 'ull' }[code ?? '']
    return suffix === undefined ? `(${type})${value}` : value + suffix
  }

  #parameters(): string {
    const list: string[] = []
    while (!this.#in.isAtEnd && !this.#in.peek('E')) {
      if (this.#in.take('Dp')) list.push(...this.#expansion())
      else list.push(show(this.#type()))
    }
    return list.length === 1 && list[0] === 'void' ? '' : list.join(', ')
  }

  /** A type that speaks of a pack, for each of its elements. */
  #expansion(): string[] {
    const list: string[] = []
    const [start, outer] = [this.#in.at, this.#element]
    const seen = this.#seen.length
    let end = start
    this.#element = this.#elements = 0
    do {
      this.#in.at = start
      // What it adds to the names to come it adds once.
      if (this.#element > 0) this.#seen.length = seen
      list.push(show(this.#type()))
      end = this.#in.at
    } while (++this.#element < this.#elements)
    if (this.#elements === 0) list.length = 0
    this.#element = outer
    this.#in.at = end
    return list
  }

  #type(): TypeText {
    return this.#nested(() => {
      const c = this.#in.ahead
      if (c === undefined) throw new NotUnderstood()
      if (c === 'S' && !this.#in.peek('St')) {
        const base = this.#substitution()
        if (!this.#in.peek('I')) return base
        return this.#remember(plain(this.#join(show(base), this.#templateArguments())))
      }
      if (c === 'T') {
        const parameter = this.#remember(this.#templateParameter())
        return this.#in.peek('I')
          ? this.#remember(plain(show(parameter) + this.#templateArguments()))
          : parameter
      }
      if (builtins[c] !== undefined && !(c >= '0' && c <= '9')) {
        this.#in.at++
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
          this.#in.at++
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
    this.#in.next()
    return this.#remember(pointerTo(this.#type(), mark))
  }

  #qualified(): TypeText {
    const qualifiers = this.#typeQualifiers()
    return this.#remember(qualified(this.#type(), qualifiers))
  }

  /** ` const` and its like, as they stand behind. */
  #typeQualifiers(): string {
    let text = ''
    for (;;) {
      if (this.#in.take('r')) text = ` restrict${text}`
      else if (this.#in.take('V')) text = ` volatile${text}`
      else if (this.#in.take('K')) text = ` const${text}`
      else return text
    }
  }

  #functionType(): TypeText {
    this.#in.expect('F')
    this.#in.take('Y')
    const { before, after } = this.#type()
    const parameters = this.#parameters()
    this.#in.expect('E')
    return { before, after: `(${parameters})${after}` }
  }

  #arrayType(): TypeText {
    this.#in.expect('A')
    const size = this.#in.match(/^\d*/)
    this.#in.expect('_')
    const { before, after } = this.#type()
    return { before, after: ` [${size}]${after.trimStart()}` }
  }

  #memberPointer(): TypeText {
    this.#in.expect('M')
    const owner = show(this.#type())
    return memberOf(owner, this.#type())
  }

  #extendedType(): TypeText {
    if (this.#in.take('Dp') || this.#in.take('Do')) return this.#type()
    this.#in.expect('D')
    const name = extended[this.#in.next()]
    if (name === undefined) throw new NotUnderstood()
    return plain(name)
  }

  #templateParameter(): TypeText {
    this.#in.expect('T')
    const found = this.#arguments[this.#in.ordinal()]
    if (found === undefined) throw new NotUnderstood()
    if (typeof found === 'string') return splitDeclarator(found)
    this.#elements = Math.max(this.#elements, found.length)
    return splitDeclarator(found[this.#element] ?? '')
  }

  #substitution(): TypeText {
    this.#in.expect('S')
    const c = this.#in.next()
    const known = standard[c]
    if (known !== undefined) {
      this.#last = known[1]
      return plain(known[0])
    }
    let index = 0
    if (c !== '_') {
      let digits = c
      while (!this.#in.take('_')) digits += this.#in.next()
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
}
