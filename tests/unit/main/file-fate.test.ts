import { describe, expect, test } from 'vitest'
import type { OwnFile } from '../../../electron/engine/app/own-file.ts'
import { opening, showing } from '../../../electron/main/policies/file-fate.ts'

const file = (path: string, more: Partial<Extract<OwnFile, { kind: 'file' }>> = {}): OwnFile => ({
  kind: 'file',
  path,
  real: path,
  state: 'same',
  content: 'image/png',
  isScript: false,
  ...more,
})
const why = (given: OwnFile, os: Parameters<typeof opening>[1] = 'linux') => {
  const fate = opening(given, os)
  return fate.act === 'show' ? fate.why : fate.act
}

describe('a file that is opened', () => {
  test('is a picture, a recording or a plain text under an extension of its kind', () => {
    expect(opening(file('/素材/海报.PNG'), 'linux')).toEqual({
      act: 'open',
      path: '/素材/海报.PNG',
      shown: '/素材/海报.PNG',
    })
    expect(why(file('/a/b.txt', { content: 'plain' }))).toBe('open')
    expect(why(file('D:\\素材\\a.jpeg', { content: 'image/jpeg' }), 'windows')).toBe('open')
    // Emoji of several people are joined by a character of their own.
    expect(why(file('/a/👨‍👩‍👧.png'))).toBe('open')
  })

  test('is what a link leads to, which alone has been looked at', () => {
    expect(opening(file('/a/link.png', { real: '/b/poster.png' }), 'mac')).toEqual({
      act: 'open',
      path: '/b/poster.png',
      shown: '/a/link.png',
    })
    expect(why(file('/a/link.png', { real: '/b/poster.desktop' }))).toBe('could_run')
  })

  test.each([
    ['a page', '/a/b.html', 'html'],
    ['a drawing that may have scripts', '/a/b.svg', 'image/svg+xml'],
    ['a document', '/a/b.docx', null],
    ['a page under the name of a text', '/a/b.txt', 'html'],
    ['a picture under the name of a program', '/a/b.exe', 'image/png'],
    ['a picture under the name of a page', '/a/b.html', 'image/png'],
    ['a text under the name of a command file', '/a/b.bat', 'plain'],
    ['a text without an extension', '/a/run', 'plain'],
    ['a name of an object', '/a/b.txt', 'constructor'],
  ])('is not %s, which is shown in its folder', (_what, path, content) => {
    expect(opening(file(path, { content }), 'linux')).toEqual({ act: 'show', path, why: 'could_run' })
  })

  test('is not a text that names the program to run it by', () => {
    expect(why(file('/a/b.txt', { content: 'plain', isScript: true }))).toBe('could_run')
  })

  test('is not one with other bytes than those that were screened, or that nobody has read', () => {
    expect(why(file('/a/b.png', { state: 'changed' }))).toBe('changed')
    expect(why(file('/a/b.png', { state: 'unknown' }))).toBe('unread')
  })

  test.each([
    ['\\\\server\\share\\b.png'],
    ['//server/share/b.png'],
    ['\\\\?\\UNC\\server\\share\\b.png'],
    ['\\\\.\\unc\\server\\share\\b.png'],
  ])('is not one of another machine: %s', path => {
    expect(why(file(path), 'windows')).toBe('remote')
    expect(why(file('Z:\\b.png', { real: path }), 'windows')).toBe('remote')
  })

  test('on Windows has no dot or space at the end of any name, and no stream', () => {
    for (const path of ['C:\\a\\b.png ', 'C:\\a\\b.png.', 'C:\\a. \\b.png', 'C:\\a\\b.exe:c.png'])
      expect(why(file(path), 'windows'), path).toBe('misleading_name')
    // Elsewhere they mean what they say, and are no extension.
    expect(why(file('/a/b.png '), 'linux')).toBe('could_run')
    expect(why(file('/a /b.png'), 'linux')).toBe('open')
  })

  test.each([['\u202e'], ['\u2066'], ['\u200b'], ['\u200f'], ['\ufeff'], ['\n'], ['\u0085']])(
    'has no character that turns its name around or hides in it: %j',
    character => {
      expect(why(file(`/a/exe${character}gnp.png`))).toBe('misleading_name')
      expect(why(file('/a/b.png', { real: `/a${character}/b.png` }))).toBe('misleading_name')
    },
  )
})

describe('a file that is shown in its folder', () => {
  test('may be of any kind, and one that has changed is said to have', () => {
    expect(showing(file('/a/b.exe', { content: null }), 'linux')).toEqual({ act: 'show', path: '/a/b.exe', why: null })
    expect(showing(file('/a/b.png', { state: 'changed' }), 'linux')).toMatchObject({ act: 'show', why: 'changed' })
  })

  test('is the table of a row', () => {
    expect(showing({ kind: 'none', path: '/a/b.csv' }, 'linux')).toEqual({ act: 'show', path: '/a/b.csv', why: null })
    // A row is not what would open.
    expect(opening({ kind: 'none', path: '/a/b.csv' }, 'linux').act).toBe('show')
  })

  test('is none where there is none', () => {
    expect(showing({ kind: 'none', path: null }, 'linux')).toMatchObject({
      act: 'refuse',
      remark: 'no_file_of_its_own',
    })
    expect(showing({ kind: 'gone', path: '/a/b.png' }, 'mac')).toMatchObject({ act: 'refuse', remark: 'file_moved' })
  })

  test.each([
    ['C:\\a\\NUL'],
    ['C:\\a\\con.png'],
    ['C:\\com1\\b.png'],
    ['\\\\.\\PhysicalDrive0'],
    ['\\\\?\\GLOBALROOT\\Device\\b.png'],
  ])('is no device: %s', path => {
    expect(showing(file(path), 'windows')).toMatchObject({ act: 'refuse', remark: 'device_name' })
    expect(showing({ kind: 'none', path }, 'windows')).toMatchObject({ act: 'refuse' })
    expect(showing(file(path), 'linux').act).toBe('show')
  })
})
