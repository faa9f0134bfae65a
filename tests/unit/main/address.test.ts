import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mediaType, resolveAddress } from '../../../electron/main/policies/address.ts'
import { originalUrl, thumbnailUrl } from '../../../shared/addresses.ts'

const at = (path: string) => resolveAddress('GET', `app://prescreen${path}`)

describe('addresses of the window', () => {
  test('the root is the page', () => {
    expect(at('/')).toEqual({ kind: 'file', segments: ['index.html'] })
    expect(at('/assets/index-1.js')).toEqual({ kind: 'file', segments: ['assets', 'index-1.js'] })
  })

  test('pictures are named by id, as the contract writes them', () => {
    expect(at(thumbnailUrl(41, 176, { blur: 'strong', grey: true }))).toEqual({
      kind: 'thumbnail',
      asset: 41,
      options: { sizePx: 176, blur: 'strong', grey: true },
    })
    expect(at(thumbnailUrl(41, 640, { blur: 'off', grey: false }, 0))).toEqual({
      kind: 'thumbnail',
      asset: 41,
      options: { sizePx: 640, blur: 'off', grey: false, frame: 0 },
    })
    expect(at(`${thumbnailUrl(41, 640, { blur: 'off', grey: false })}&frame=-1`)).toEqual({
      kind: 'refused',
      status: 400,
    })
    expect(at(originalUrl(7))).toEqual({ kind: 'original', asset: 7 })
    expect(at(originalUrl(7, 12))).toEqual({ kind: 'original', asset: 7, frame: 12 })
  })

  test.each([
    '/thumbnail/0?size=176&blur=off&grey=0',
    '/thumbnail/-1?size=176&blur=off&grey=0',
    '/thumbnail/1.5?size=176&blur=off&grey=0',
    '/thumbnail/1/2?size=176&blur=off&grey=0',
    '/thumbnail/1?size=9999&blur=off&grey=0',
    '/thumbnail/1?size=176&blur=blurry&grey=0',
    '/thumbnail/1?size=176&blur=off',
    '/original/../../etc/passwd',
    '/original/abc',
    '/original/7?frame=-1',
    '/original/7?frame=one',
  ])('%s is refused', path => {
    expect(at(path).kind === 'thumbnail' || at(path).kind === 'original').toBe(false)
  })

  test('other methods, hosts and schemes are refused', () => {
    expect(resolveAddress('POST', 'app://prescreen/')).toEqual({ kind: 'refused', status: 405 })
    expect(resolveAddress('GET', 'app://elsewhere/')).toEqual({ kind: 'refused', status: 404 })
    expect(resolveAddress('GET', 'file:///etc/passwd')).toEqual({ kind: 'refused', status: 404 })
    expect(resolveAddress('GET', 'not a url')).toEqual({ kind: 'refused', status: 400 })
    expect(resolveAddress('GET', 'app://report/../../x')).toEqual({ kind: 'refused', status: 404 })
  })

  test('no address names a file outside of the folder', () => {
    const piece = fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '\\', '/', 'C:', '%00', 'assets', 'x.js', '%', ':')
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }), pieces => {
        const target = at(`/${pieces.join('/')}`)
        if (target.kind !== 'file') return
        for (const segment of target.segments) {
          expect(segment).not.toMatch(/^\.|[/\\:\0]/)
          expect(segment).not.toBe('')
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

test('scripts and styles have a type that browsers accept', () => {
  expect(mediaType('index.js')).toContain('text/javascript')
  expect(mediaType('A.CSS')).toContain('text/css')
  expect(mediaType('unknown')).toBe('application/octet-stream')
})
