/** Members of structures that data/abi has: where they stand, and how wide they are, comes from there. */
import type { LayoutField } from '../../../abi/layouts.ts'
import type { NameSet } from '../../../types/language.ts'
import { layoutOf } from '../../../types/resolve.ts'
import * as fields from './fields.ts'
import { printFields } from './fields.ts'
import { careful, type NetlinkContext, type NetlinkValue, sized } from './values.ts'

type Field = fields.Field
type Width = 1 | 2 | 4 | 8

/** Makes the members of a structure. Layouts are looked up when something is printed: most programs never see these messages. */
export class Members {
  readonly #layout: string

  constructor(layout: string) {
    this.#layout = layout
  }

  get bytes(): number {
    return layoutOf(this.#layout, 'amd64').size
  }

  /** Where a member stands. Messages are the same on every architecture. */
  at(name: string): number {
    return this.#place(name).offset
  }

  /** A member printed by what `make` gives for its place. */
  of(name: string, make: (place: LayoutField) => Field): Field {
    return { name, ...this.printed(name, make) }
  }

  /** The same, where what is printed says its name itself. */
  printed(name: string, make: (place: LayoutField) => Field): Field {
    let made: Field | undefined
    return {
      print: (out, raw, at, context) => {
        made ??= make(this.#place(name))
        made.print(out, raw, at, context)
      },
    }
  }

  dec(name: string): Field {
    return this.of(name, ({ offset, size }) => fields.dec(name, offset, size as Width))
  }
  hex(name: string): Field {
    return this.of(name, ({ offset, size }) => fields.hex(name, offset, size as Width))
  }
  /** The index of a network interface. */
  link(name: string): Field {
    return this.of(name, ({ offset }) => fields.link(name, offset))
  }
  value(name: string, set: NameSet, unknown?: string): Field {
    return this.of(name, ({ offset, size }) => fields.value(name, offset, size as 1 | 2 | 4, set, unknown))
  }
  flags(name: string, set: NameSet, unknown?: string): Field {
    return this.of(name, ({ offset, size }) => fields.flags(name, offset, size as 1 | 2 | 4, set, unknown))
  }
  /** Text ended by NUL. */
  text(name: string): Field {
    return this.of(name, ({ offset, size }) => fields.place(name, offset, size))
  }
  cookie(name: string): Field {
    return this.of(name, ({ offset }) => fields.cookie(name, offset))
  }
  inner(name: string, inside: readonly Field[]): Field {
    return this.of(name, ({ offset }) => fields.inner(name, offset, inside))
  }

  /** The structure as the value of an attribute. `known`: the last member that must be there, where it has grown since. */
  structure(inside: readonly Field[], known?: string): NetlinkValue {
    return careful((out, raw, at, length, context) => {
      const last = known === undefined ? undefined : this.#place(known)
      const size = last === undefined ? this.bytes : last.offset + last.size
      return sized(size, (o, r, from, inner: NetlinkContext) => {
        o.putChar('{')
        printFields(o, r, from, inside, inner, false)
        o.putChar('}')
      })(out, raw, at, length, context)
    })
  }

  #place(name: string): LayoutField {
    const place = layoutOf(this.#layout, 'amd64').fields[name]
    if (place === undefined) throw new Error(`struct ${this.#layout} has no field ${name}`)
    return place
  }
}

/** The members of a structure by its name in data/abi. */
export const membersOf = (layout: string): Members => new Members(layout)
