/** Packages of Debian and its kin, for machines that are not this one: an apt of our own loads and verifies them, and the system's is left alone. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { run } from './run-command.ts'

export interface Archive {
  readonly architecture: 'amd64' | 'arm64'
  /** Lines of sources.list; those of this machine where there are none. */
  readonly sources?: readonly string[]
}

export interface Packages {
  /** What a package depends on, directly. */
  dependencies(name: string): string[]
  /** Loads packages into the folder; their files. */
  download(names: readonly string[]): string[]
}

/** Reads the archive's lists into `folder`. */
export function openArchive(folder: string, { architecture, sources }: Archive): Packages {
  const debs = join(folder, 'debs')
  for (const inner of ['lists/partial', 'archives/partial'])
    mkdirSync(join(folder, inner), { recursive: true })
  mkdirSync(debs, { recursive: true })
  writeFileSync(join(folder, 'status'), '')
  const settings = [
    `APT::Architecture "${architecture}"`,
    `APT::Architectures { "${architecture}"; }`,
    `Dir::State::lists "${folder}/lists"`,
    `Dir::State::status "${folder}/status"`,
    `Dir::Cache "${folder}"`,
    'APT::Sandbox::User "root"',
  ]
  if (sources !== undefined) {
    writeFileSync(join(folder, 'sources.list'), sources.map(line => `${line}\n`).join(''))
    settings.push(`Dir::Etc::sourcelist "${folder}/sources.list"`, 'Dir::Etc::sourceparts "/dev/null"')
  }
  const file = join(folder, 'apt.conf')
  writeFileSync(file, settings.map(line => `${line};\n`).join(''))
  const env = { ...process.env, APT_CONFIG: file }
  run('apt-get', ['-q', 'update'], { env })
  return {
    dependencies: name =>
      [...run('apt-cache', ['depends', name], { env }).matchAll(/Depends: (\S+)/g)].map(
        ([, found]) => found!,
      ),
    download(names) {
      run('apt-get', ['-q', 'download', ...names], { env, cwd: debs })
      const wanted = new Set(names)
      return readdirSync(debs)
        .filter(name => wanted.has(basename(name).split('_')[0]!))
        .map(name => join(debs, name))
    },
  }
}
