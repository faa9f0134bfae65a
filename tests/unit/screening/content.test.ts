import { describe, expect, test } from 'vitest'
import { inputFailure } from '../../../electron/engine/base/input-failure.ts'
import type { ImageInput, Imaging } from '../../../electron/engine/imaging/imaging.ts'
import { type Content, type Cut, makeParts, type UnsentPart } from '../../../electron/engine/screening/content.ts'
import type { Media } from '../../../electron/engine/screening/media.ts'
import { defaultOptions } from '../../../shared/screening.ts'

const never = new AbortController().signal
const uploaded = { kind: 'cut', key: 'a', way: 'both', why: 'chosen', imageMode: 'auto', companions: [] } as const
/** Both ways: in calls and by address. */
const cut = { ...uploaded, text: null, image: {}, media: {}, untaken: [] } as unknown as Cut

/** Makes the parts of a picture of this size, and tells what was decoded and what would be uploaded. */
async function partsOf(bytes: number, load: Media['load']) {
  const decoded: ImageInput[] = []
  const parts: UnsentPart[] = []
  const imaging = {
    prepare: async (input: ImageInput) => {
      decoded.push(input)
      return { kind: 'prepared', parts: 1, facts: { kind: 'facts', width: 1, height: 1, leftOut: [], notes: [] } }
    },
  } as unknown as Imaging
  const content: Content = {
    kind: 'image',
    sha256: 'of the picture',
    bytes,
    reading: 'png 2',
    notes: [],
    omitted: [],
    isDrawn: false,
    undrawn: null,
    words: null,
    pictures: [
      {
        name: '',
        places: [],
        sha256: 'of the picture',
        isReadableWhole: false,
        media: { mime: 'image/png', publicUrl: null, load },
        load: async () => ({ path: '/a.png', sha256: 'of the picture' }),
      },
    ],
    films: [],
    recordings: [],
  }
  const receive = async (part: UnsentPart) => void parts.push(part)
  const made = await makeParts(imaging, content, cut, defaultOptions, receive, never)
  const [part] = parts
  const upload = part?.kind === 'media' ? await part.media.load(never) : null
  return { made, decoded, upload }
}

describe('a picture that is decoded here and uploaded as well', () => {
  const file = new Uint8Array([1, 2, 3])

  test('is read once for both if it is small', async () => {
    let loads = 0
    const { decoded, upload } = await partsOf(file.length, async () => {
      loads += 1
      return file
    })
    expect([loads, decoded, upload]).toEqual([1, [{ bytes: file }], file])
  })

  test('is not held if it is large', async () => {
    const { decoded, upload } = await partsOf(9e6, async () => file)
    expect([decoded, upload]).toEqual([[{ path: '/a.png', sha256: 'of the picture' }], file])
  })

  test('is neither if it is another file than the one that was read', async () => {
    const changed = inputFailure('changed_file', '')
    const { made, decoded } = await partsOf(file.length, async () => changed)
    expect([made.missing, decoded]).toEqual([changed, []])
  })
})
