import { describe, expect, test } from 'vitest'
import { folderRows, foldersAbove, folderTree, treeStep } from '../../../../../renderer/state/grid/folders.ts'

const tree = folderTree(
  new Map([
    ['', 3],
    ['双十一/主图', 5],
    ['双十一/详情/长图', 2],
    ['双十一', 1],
    ['618 10', 4],
    ['618 9', 1],
  ]),
)
const rowsWith = (...open: readonly string[]) => folderRows(tree, new Set(open))
const shown = (...open: readonly string[]) =>
  rowsWith(...open).map(({ folder, level }) => `${'  '.repeat(level - 1)}${folder.name} ${folder.count}`)

describe('the folders of a batch', () => {
  test('are a tree, with what lies in them and below, in the order of their names', () => {
    expect(shown()).toEqual(['618 9 1', '618 10 4', '双十一 8'])
    // A folder that only holds another is there too.
    expect(shown('双十一', '双十一/详情')).toEqual([
      '618 9 1',
      '618 10 4',
      '双十一 8',
      '  详情 2',
      '    长图 2',
      '  主图 5',
    ])
  })

  test('say where each is among those beside it', () => {
    expect(rowsWith('双十一')[3]).toMatchObject({ level: 2, place: 1, siblings: 2, isOpen: false })
    expect(rowsWith()[0]).toMatchObject({ level: 1, place: 1, siblings: 3, isOpen: null })
  })

  test('are names, whatever they are called', () => {
    const odd = folderTree(new Map([['__proto__/constructor', 1]]))
    expect(odd[0]).toMatchObject({ path: '__proto__', count: 1 })
    expect(odd[0]?.children[0]?.path).toBe('__proto__/constructor')
  })

  test('of many thousands are found at once, however deep', () => {
    const counts = new Map(Array.from({ length: 20_000 }, (_, at) => [`a${at % 100}/b${at % 1000}/c${at}`, 1]))
    const many = folderTree(counts)
    expect(many).toHaveLength(100)
    expect(many.reduce((sum, { count }) => sum + count, 0)).toBe(20_000)
  })
})

describe('a key in the tree', () => {
  const step = (at: number, key: string, ...open: readonly string[]) => treeStep(rowsWith(...open), at, key)

  test('goes from row to row and stays at the ends', () => {
    expect(step(0, 'ArrowDown')).toEqual({ to: 1 })
    expect(step(0, 'ArrowUp')).toBeNull()
    expect(step(2, 'ArrowDown')).toBeNull()
    expect(step(0, 'End')).toEqual({ to: 2 })
    expect(step(2, 'Home')).toEqual({ to: 0 })
  })

  test('opens, goes in, goes out and closes', () => {
    expect(step(2, 'ArrowRight')).toEqual({ toggle: '双十一' })
    expect(step(2, 'ArrowRight', '双十一')).toEqual({ to: 3 })
    expect(step(4, 'ArrowLeft', '双十一')).toEqual({ to: 2 })
    expect(step(2, 'ArrowLeft', '双十一')).toEqual({ toggle: '双十一' })
    expect(step(0, 'ArrowRight')).toBeNull()
    expect(step(0, 'ArrowLeft')).toBeNull()
  })

  test('opens all beside it, and chooses', () => {
    expect(step(0, '*')).toEqual({ openAll: ['双十一'] })
    expect(step(3, '*', '双十一')).toEqual({ openAll: ['双十一/详情'] })
    expect(step(1, 'Enter')).toEqual({ choose: '618 10' })
    expect(step(1, ' ')).toEqual({ choose: '618 10' })
    expect(step(1, 'a')).toBeNull()
    expect(step(9, 'Home')).toBeNull()
  })
})

test('the way to a folder leads through those above it', () => {
  expect(foldersAbove('a/b/c')).toEqual(['a', 'a/b'])
  expect(foldersAbove('a')).toEqual([])
})
