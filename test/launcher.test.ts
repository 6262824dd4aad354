/** A checkout's build is made anew when its commit moves, also in a second work tree, where `.git` is no folder. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scratch, sysglass } from './tracers.ts'

test('for which commit a build is made', { timeout: 60_000 }, () => {
  const tree = join(scratch, 'checkout')
  const put = (name: string, text: string): void => {
    mkdirSync(join(tree, name, '..'), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
  put('scripts/set-up.mjs', 'console.error("for", process.env.SYSGLASS_COMMIT)')
  put('dist/sysglass.cjs', '')
  put('dist/built-for', '1111\n')
  copyFileSync(sysglass, join(tree, 'sysglass'))
  const built = (): string => spawnSync(join(tree, 'sysglass'), { encoding: 'utf8' }).stderr

  put('.git/HEAD', 'ref: refs/heads/a/b\n')
  put('.git/refs/heads/a/b', '1111\n')
  assert.equal(built(), '')
  put('.git/refs/heads/a/b', '2222\n')
  assert.equal(built(), 'for 2222\n')
  put('.git/HEAD', '3333\n')
  assert.equal(built(), 'for 3333\n')

  renameSync(join(tree, '.git'), join(tree, 'first'))
  put('first/worktrees/second/commondir', '../..\n')
  for (const folder of [tree, '.']) {
    put('.git', `gitdir: ${folder}/first/worktrees/second\n`)
    put('first/worktrees/second/HEAD', '1111\n')
    assert.equal(built(), '')
    put('first/worktrees/second/HEAD', 'ref: refs/heads/a/b\n')
    assert.equal(built(), 'for 2222\n')
  }
})
