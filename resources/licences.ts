/**
 * `npm run licences` writes docs/licences.md: what is shipped that others wrote, and under which licence. Packages are those of package.json
 * and of the bundles, as package-lock.json resolves them for all platforms; what is inside of addons, WebAssembly and data is written by
 * hand in resources/notices/. The build puts all texts into one file (`noticesText`), which the program opens.
 */

import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/licences.md')

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export interface Package {
  readonly name: string
  readonly version: string
  /** As the package names it, by SPDX. */
  readonly licence: string
  /** Folder of the package, whether it is installed on this platform or not. */
  readonly folder: string
}

/** One hand-kept file of resources/notices/. */
export interface Notice {
  readonly file: string
  readonly title: string
  /** Names of packages, with * for any part of one. */
  readonly covers: readonly string[]
  readonly licence: string
  /** Files of resources/notices/texts/, without their extension. */
  readonly texts: readonly string[]
  readonly content: string
}

/** All packages whose code is in what people install, or without the bundled ones those that lie there as packages. */
export function shippedPackages(withBundled = true): readonly Package[] {
  const { packages }: { packages: Record<string, Locked> } = readJson('package-lock.json')
  const { dependencies, devDependencies } = readJson('package.json')
  const bundled = importedPackages().filter(name => name in devDependencies && name !== 'electron')
  const found = new Map<string, Locked>()
  const add = (name: string, from: string): void => {
    const place = placeOf(packages, name, from)
    const locked = place === null ? undefined : packages[place]
    // Types alone are nobody's code; what is not locked is an optional companion.
    if (place === null || locked === undefined || found.has(place) || name.startsWith('@types/')) return
    found.set(place, locked)
    const peers = Object.keys(locked.peerDependencies ?? {}).filter(
      peer => locked.peerDependenciesMeta?.[peer]?.optional !== true,
    )
    for (const other of [
      ...Object.keys(locked.dependencies ?? {}),
      ...Object.keys(locked.optionalDependencies ?? {}),
      ...peers,
    ])
      add(other, place)
  }
  for (const name of [...Object.keys(dependencies), ...(withBundled ? bundled : [])]) add(name, '')
  return [...found]
    .map(([place, { version = '', license = 'none named' }]) => ({
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license.replace(/^\((.*)\)$/, '$1'),
      folder: join(root, place),
    }))
    .toSorted((a, b) => compare(`${a.name} ${a.version}`, `${b.name} ${b.version}`))
}

/** Where Node would find it from a package's folder; null where it is not locked. */
function placeOf(packages: Readonly<Record<string, Locked>>, name: string, from: string): string | null {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (place in packages) return place
  return from === '' ? null : placeOf(packages, name, from.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''))
}

/** What the sources of the product name beside their own files. */
function importedPackages(): readonly string[] {
  const files = globSync(['{renderer,shared}/**/*.{ts,tsx}', 'electron/{main,preload,engine,cli}/**/*.ts'], {
    cwd: root,
  })
  const names = files.flatMap(file =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /(?:from |import\(|import )'((?:@[\w.-]+\/)?[\w.-]+)(?=['/])/g,
      ),
    ].map(([, name = '']) => name),
  )
  return [...new Set(names)]
}

export function readNotices(): readonly Notice[] {
  const folder = join(root, 'resources/notices')
  return readdirSync(folder)
    .filter(file => file.endsWith('.md'))
    .toSorted(compare)
    .map(file => {
      const content = readFileSync(join(folder, file), 'utf8')
      const list = (name: string) => field(content, name).split(', ')
      return {
        file,
        title: /^# (.+)$/m.exec(content)?.[1] ?? '',
        covers: list('Covers'),
        licence: field(content, 'Licence'),
        texts: list('Texts'),
        content,
      }
    })
}

function field(content: string, name: string): string {
  return new RegExp(`^${name}: (.+)$`, 'm').exec(content)?.[1] ?? ''
}

export function noticeOf(name: string, notices: readonly Notice[]): Notice | null {
  return notices.find(({ covers }) => covers.some(pattern => matchesGlob(name, pattern))) ?? null
}

/** The licence that a package brings, and its notices; empty where it brings none or is of another platform. */
export function textsOf({ folder }: Package): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(
      file =>
        /^(licen[cs]es?|copying|notice|third[-_]party[-_]licen[cs]es)\b.*$/i.test(file) &&
        /\.(md|txt)$|^[^.]+$/.test(file),
    )
    .flatMap(file => (file === 'LICENSES' ? [] : [readFileSync(join(folder, file), 'utf8').trim()]))
}

/** docs/licences.md. */
export function licencesPage(): string {
  const notices = readNotices()
  const packages = shippedPackages()
  const parts = notices.map(
    ({ file, title, licence, covers }) =>
      `| [${title}](../resources/notices/${file}) | ${licence} | ${covers.map(name => `\`${name}\``).join(', ')} |`,
  )
  const rows = packages.map(({ name, version, licence }) => {
    const notice = noticeOf(name, notices)
    return `| ${name} | ${version} | ${licence} | ${notice === null ? '' : `[${notice.file.replace('.md', '')}](../resources/notices/${notice.file})`} |`
  })
  return `# Licences

Prescreen is under the MIT licence ([LICENSE](../LICENSE)). This page lists what others wrote and is shipped with it. It is written by \`npm run licences\`;
a test fails when it is stale. The program carries the texts (Help → Third-party licences).

No part is under the GPL. Parts under the LGPL are files of their own that may be replaced; the notices say where they lie.

## What is inside of addons, WebAssembly and data

| part | licence | shipped in |
|---|---|---|
${parts.join('\n')}

## Packages

For all platforms; each installer carries those of its own. What is only built or tested with is not here.

| package | version | licence | notice |
|---|---|---|---|
${rows.join('\n')}
`
}

/** Everything that the licences want to be carried along, for people to read. */
export function noticesText(): string {
  const notices = readNotices()
  const line = '-'.repeat(100)
  const texts = [...new Set(notices.flatMap(notice => notice.texts))].toSorted(compare)
  const packages = shippedPackages()
    .map(each => ({ ...each, texts: textsOf(each) }))
    .filter(each => each.texts.length > 0)
  return [
    'Prescreen: licences of others',
    ...notices.map(({ content }) => content.trim()),
    ...packages.map(
      ({ name, version, licence, texts: own }) => `${name} ${version} (${licence})\n\n${own.join('\n\n')}`,
    ),
    ...texts.map(
      name => `${name}\n\n${readFileSync(join(root, 'resources/notices/texts', `${name}.txt`), 'utf8').trim()}`,
    ),
  ].join(`\n\n${line}\n\n`)
}

function readJson(name: string) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

if (import.meta.main) {
  if (process.argv.includes('--texts')) process.stdout.write(noticesText())
  else writeFileSync(page, licencesPage())
}
