import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/** The rooms that know a database; locks between programs are SQLite's too. */
const rooms = [
  /^electron\/engine\/(store|ledger)\//,
  /^electron\/engine\/(pacer|relay)\/store\b/,
  /^electron\/engine\/base\/(sqlite\/|file-lock\.ts$)/,
]
/** The one place where the store is opened; everything else is given its ports. */
const opener = 'electron/engine/app/records.ts'

const sources = ['shared', 'electron', 'renderer']
  .flatMap(folder => sourceFiles(join(root, folder)))
  .map(file => ({
    file: relative(root, file).replaceAll('\\', '/'),
    text: withoutComments(readFileSync(file, 'utf8')),
  }))
  .filter(({ file }) => !rooms.some(room => room.test(file)))

test('no SQL is written outside of the rooms that know a database', () => {
  const sql =
    /\b(SELECT\s[\s\S]{1,400}?\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s+\w+)\s/
  expect(sources.filter(({ text }) => sql.test(text)).map(({ file }) => file)).toEqual([])
})

test('nobody else holds a database', () => {
  const handle =
    /from '(better-sqlite3|[./a-z-]*\/base\/sqlite\/(?!problem-of)[a-z-]+\.ts|[./a-z-]*\/store\/(database\.ts|sqlite\/[a-z-]+\.ts))'/
  expect(sources.filter(({ file, text }) => file !== opener && handle.test(text)).map(({ file }) => file)).toEqual([])
})

test('the ports name no database', () => {
  const text = readFileSync(join(root, 'electron/engine/store/ports.ts'), 'utf8')
  expect(text).not.toMatch(/better-sqlite3|\/sqlite\/|database\.ts/)
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}

/** A mention is no statement. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
