import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { archNames } from '../../record/layout.ts'
import { declarationOf } from '../../syscalls/index.ts'
import type { Call, Node } from '../../types/language.ts'
import { callScope, casesOf } from '../../types/resolve.ts'
import { callPrinter } from './call-printer.ts'
import { presentations } from './presentations.ts'
import { defaultStyle } from './style.ts'

const styles = [defaultStyle, { ...defaultStyle, verbose: true }]

// Printers of variants are made when they are met: that each can be made would else be known late.
for (const arch of archNames)
  test(`every variant of an argument has a printer: ${arch}`, () => {
    let variants = 0
    for (const name of Object.keys(syscallNumbers[arch])) {
      const declaration = declarationOf(name, arch)
      const scope = callScope(arch, declaration)
      for (const { name: argument, type } of scope.args) {
        if (type.kind !== 'select') continue
        for (const [, variant] of casesOf(type, scope)) {
          // Its own name would bring presentations that look at the choice.
          const one: Call = { ...declaration, args: { ...declaration.args, [argument]: variant as Node } }
          for (const style of styles) callPrinter('', one, arch, style)
          variants++
        }
      }
      for (const style of styles) callPrinter(name, declaration, arch, style)
    }
    assert.ok(variants > 500)
    assert.equal(presentations[''], undefined)
  })
