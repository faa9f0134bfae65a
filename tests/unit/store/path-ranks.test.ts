import SQLite from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPathRanks } from '../../../electron/engine/store/path-ranks.ts'

function ranksOf(paths: readonly string[]): number[] {
  const ranks = createPathRanks()
  for (const path of paths) ranks.add(path)
  return [...ranks.ranks()]
}

test('a folder stands among the files beside it as the paths of what is in it do', () => {
  const paths = ['', '/a', 'a', 'a-b', 'a.png', 'a/b/c', 'a/b0', 'a/z', 'a0']
  const mixed = [7, 4, 0, 5, 3, 8, 2, 6, 1]
  expect(ranksOf(mixed.map(at => paths[at] ?? ''))).toEqual(mixed)
})

test('paths have the order that the database gives them, equal ones that of their coming', () => {
  const segment = fc.string({
    unit: fc.constantFrom('a', 'b', 'B', '-', '.', '0', ' ', '中', '\uffee', '😀', '𠀀'),
    maxLength: 3,
  })
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map(segments => segments.join('/'))
  fc.assert(
    fc.property(fc.array(path, { maxLength: 60 }), paths => {
      expect(ranksOf(paths)).toEqual(ranksBySqlite(paths))
    }),
  )
})

function ranksBySqlite(paths: readonly string[]): number[] {
  const raw = new SQLite(':memory:')
  raw.exec('CREATE TABLE paths (place INTEGER PRIMARY KEY, path TEXT NOT NULL)')
  const insert = raw.prepare('INSERT INTO paths VALUES (?, ?)')
  for (const [place, path] of paths.entries()) insert.run(place, path)
  const ranks: number[] = new Array(paths.length).fill(0)
  for (const [rank, place] of raw
    .prepare<[], number>('SELECT place FROM paths ORDER BY path, place')
    .pluck()
    .all()
    .entries())
    ranks[place] = rank
  raw.close()
  return ranks
}
