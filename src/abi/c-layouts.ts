// For tests: what the C compiler of this machine makes of structs, to be compared with the tables.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StructLayout } from './layouts.ts'

export interface Question {
  name: string
  layout: StructLayout
  /** How C writes it: `struct stat`. */
  type: string
  header: string
  /** C's names of fields where they differ. */
  renamed?: { readonly [field: string]: string }
}

/** Numbers by field, those of the whole under the empty name; fields that the header lacks are missing. */
export type Answer = Map<string, { offset: number; size: number; signed: number; class: number }>

const prelude = `#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <string.h>
`

// Comes after the headers, which may use this name.
const helpers = `
static void bits(const char *n, const char *f, unsigned char *p, size_t size) {
  size_t first = size * 8, count = 0, i;
  for (i = 0; i < size * 8; i++)
    if (p[i / 8] >> i % 8 & 1) { count++; if (i < first) first = i; }
  printf("%s\\t%s\\t%zu\\t%zu\\t-1\\t0\\n", n, f, first, count);
}
`

export function haveCompiler(): boolean {
  return spawnSync('cc', ['--version']).status === 0
}

/** Answers by name; a struct that this machine's headers lack has none. */
export function ask(questions: readonly Question[]): Map<string, Answer> {
  const directory = mkdtempSync(join(tmpdir(), 'sysglass-abi-'))
  try {
    const answers = new Map<string, Answer>()
    const batch = 12
    for (let at = 0; at < questions.length; at += batch) {
      for (const [name, answer] of askTogether(questions.slice(at, at + batch), directory)) answers.set(name, answer)
    }
    return answers
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Several at once, because compilers are slow to start; where their headers do not get along, in halves. */
function askTogether(questions: readonly Question[], directory: string): Map<string, Answer> {
  const lines = questions.flatMap(checks)
  const source = join(directory, 'ask.c')
  const program = join(directory, 'ask')
  const start = [
    prelude,
    ...new Set(questions.map(({ header }) => `#include <${header}>\n`)),
    helpers,
    'int main(void) {\n',
  ].join('')
  const firstLine = start.split('\n').length
  const unanswerable = new Set<number>()
  for (let round = 0; round < 3; round++) {
    const body = lines.map((line, index) => (unanswerable.has(index) ? '\n' : `${line}\n`)).join('')
    writeFileSync(source, `${start}${body}}\n`)
    const { status, stderr } = spawnSync('cc', ['-w', '-o', program, source], { encoding: 'utf8' })
    if (status === 0) return parse(spawnSync(program, { encoding: 'utf8' }).stdout)
    const errors = [...stderr.matchAll(/^(.*?):(\d+):\d+: (?:fatal )?error: /gm)]
    const wrong = errors.map(([, file, line]) => (file === source ? Number(line) - firstLine : -1))
    if (errors.length === 0 || wrong.some(index => index < 0 || index >= lines.length)) break
    for (const index of wrong) unanswerable.add(index)
  }
  if (questions.length === 1) return new Map()
  const half = questions.length >> 1
  return new Map([
    ...askTogether(questions.slice(0, half), directory),
    ...askTogether(questions.slice(half), directory),
  ])
}

/** One line each, and no macros: compilers name the line of a mistake, but for macros not always that of their use. */
function checks({ name, layout, type, renamed }: Question): string[] {
  const line = (field: string, numbers: string) =>
    `{ typedef ${type} T; printf("${name}\\t${field}\\t%zu\\t%zu\\t%d\\t%d\\n", ${numbers}); }`
  return [
    line('', '(size_t)0, sizeof(T), -1, 0'),
    ...Object.entries(layout.fields).map(([written, field]) => {
      const known = renamed?.[written] ?? written
      const member = `((T *)0)->${known}`
      if (field.bit !== undefined) {
        return `{ typedef ${type} T; T t; memset(&t, 0, sizeof t); t.${known} = -1; bits("${name}", "${known}", (void *)&t, sizeof t); }`
      }
      if (field.size === 0) return line(known, `offsetof(T, ${known}), (size_t)0, -1, 0`)
      const place = `offsetof(T, ${known}), sizeof(${member})`
      const scalar = !field.pointer && field.struct === undefined && !field.element
      // A plain char has no sign worth comparing.
      const sign = scalar ? `_Generic(${member}, char: -1, default: (__typeof__(${member}))-1 < 0)` : '-1'
      return line(known, `${place}, ${sign}, __builtin_classify_type(${member})`)
    }),
  ]
}

function parse(output: string): Map<string, Answer> {
  const answers = new Map<string, Answer>()
  for (const line of output.trimEnd().split('\n')) {
    const [name = '', field = '', ...numbers] = line.split('\t')
    const [offset = 0, size = 0, signed = 0, type = 0] = numbers.map(Number)
    let answer = answers.get(name)
    if (!answer) answers.set(name, (answer = new Map()))
    answer.set(field, { offset, size, signed, class: type })
  }
  return answers
}
