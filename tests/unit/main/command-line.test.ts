import { join, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  argumentsAgain,
  filesHandedOver,
  isPlausiblePath,
  readInvocation,
  type Start,
} from '../../../electron/main/policies/command-line.ts'

const packaged = (...rest: string[]): Start => ({
  argv: ['/opt/prescreen', ...rest],
  cwd: '/home/li',
  isPackaged: true,
  platform: 'linux',
})
const development = (...rest: string[]): Start => ({ ...packaged(), argv: ['electron', ...rest], isPackaged: false })
const windows = (...rest: string[]): Start => ({ ...packaged(...rest), cwd: 'C:\\Users\\li', platform: 'win32' })

describe('files to open', () => {
  test('are named on the command line, whatever options Chromium has there', () => {
    expect(readInvocation(packaged('--no-sandbox', 'a.png', '/b'))).toEqual({
      files: ['/home/li/a.png', '/b'],
      dataDir: null,
    })
  })

  test('are not the program itself in development, wherever it stands', () => {
    expect(readInvocation(development('/app', 'a.png')).files).toEqual(['/home/li/a.png'])
    // As `npm start` starts Electron for root.
    expect(readInvocation(development('--no-sandbox', '/app')).files).toEqual([])
    expect(readInvocation(development('--no-sandbox', '/app', '/app', 'a.png')).files).toEqual([
      '/app',
      '/home/li/a.png',
    ])
  })

  test('are files also when a file manager names them as addresses', () => {
    const { files } = readInvocation(packaged('file:///home/li/%E6%B5%B7%E6%8A%A5/a%20b.png', 'FILE:///c.txt'))
    expect(files).toEqual(['/home/li/海报/a b.png', '/c.txt'])
    expect(readInvocation(windows('file:///D:/%E6%B5%B7%E6%8A%A5/a.png')).files).toEqual(['D:\\海报\\a.png'])
    expect(readInvocation(windows('file://server/share/a.png')).files).toEqual(['\\\\server\\share\\a.png'])
  })

  test.each(['file://elsewhere/a.png', 'file:///%zz', 'file:///a%2Fb'])(
    'are not left out when %s means nothing: the plan says that it is not there',
    address => {
      expect(readInvocation(packaged(address)).files).toHaveLength(1)
    },
  )

  test('have on Windows neither the quotation mark of a quoted folder nor a space at their end', () => {
    expect(readInvocation(windows('D:\\my posters"', 'a.png ', ' ', '"'))).toEqual({
      files: ['D:\\my posters', 'C:\\Users\\li\\a.png'],
      dataDir: null,
    })
    expect(readInvocation(windows('--data-dir', 'D:\\data"')).dataDir).toBe('D:\\data')
    // Elsewhere a name may end in either.
    expect(readInvocation(packaged('/a ', '/b"')).files).toEqual(['/a ', '/b"'])
  })
})

test('a data folder is named in either form', () => {
  expect(readInvocation(packaged('--data-dir', 'data', 'x'))).toEqual({
    files: ['/home/li/x'],
    dataDir: '/home/li/data',
  })
  expect(readInvocation(packaged('--data-dir=/d=e')).dataDir).toBe('/d=e')
  expect(readInvocation(packaged('--data-dir')).dataDir).toBeNull()
  expect(readInvocation(packaged('--data-dir=')).dataDir).toBeNull()
})

describe('a start like this one', () => {
  test.each([
    ['of a package', packaged('--data-dir', 'data', '--no-sandbox', 'old.png')],
    ['in development', development('--no-sandbox', '/app', '--data-dir', 'data', 'old.png')],
  ])('%s has its options and other files', (_what, start) => {
    const again: Start = { ...start, argv: [start.argv[0] ?? '', ...argumentsAgain(start, ['/new.png'])], cwd: '/' }
    expect(readInvocation(again)).toEqual({ files: ['/new.png'], dataDir: '/home/li/data' })
    expect(again.argv).toContain('--no-sandbox')
    expect(again.argv.includes('/app')).toBe(!start.isPackaged)
  })
})

test('what a second start hands over are its files, and nothing else is taken for them', () => {
  expect(filesHandedOver({ files: ['/a', '/b'] })).toEqual(['/a', '/b'])
  for (const data of [null, undefined, {}, [], { files: '/a' }, { files: [1] }])
    expect(filesHandedOver(data)).toEqual([])
})

describe('a path from the window', () => {
  test.each(['', 'a.png', './a', '../a', '/a\0b', '\\\\.\\PhysicalDrive0', '//?/C:/x'])('%j is none to read', path => {
    expect(isPlausiblePath(path)).toBe(false)
  })

  test('is one when it is absolute', () => {
    expect(isPlausiblePath(join(sep, 'home', '海报', 'a.png'))).toBe(true)
  })
})
