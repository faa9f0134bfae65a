import { describe, expect, test } from 'vitest'
import { foundIn } from '../../../electron/engine/screening/found-in.ts'
import { callsText, foundText, leftOutText } from '../../../shared/planned-documents.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'

const picture = (name: string, places: readonly object[]) => ({ name, places }) as never
const words = (text: string, places: readonly object[]) =>
  ({ text, sections: places.map((place, start) => ({ start, place })) }) as never

describe('what a plan says of a document', () => {
  test('counts slides once, whatever is on them, and a page that is sent as a picture as a page', () => {
    const deck = foundIn({
      words: words('年会', [{ slide: 1 }, { slide: 2 }]),
      pictures: [picture('slide 2 picture 1', [{ slide: 2 }]), picture('slide 3 picture 1', [{ slide: 3 }])],
      films: [],
      recordings: [],
    })
    expect(deck).toMatchObject({ slides: 3, pictures: 2, pages: 0, characters: 2 })
    const pages = [1, 2].map(page => picture(`page ${page}`, [{ page }]))
    expect(foundIn({ words: null, pictures: pages, films: [], recordings: [] })).toMatchObject({
      pages: 2,
      pictures: 0,
    })
    expect(foundIn({ words: words('一段', []), pictures: [], films: [], recordings: [] })).toBeNull()
    expect(foundIn({ words: null, pictures: [picture('', [])], films: [], recordings: [] })).toBeNull()
  })

  test('says it in both languages, with the calls by cause and what is left out', () => {
    const found = {
      characters: 1200,
      pages: 0,
      slides: 24,
      sheets: 0,
      layers: 0,
      pictures: 61,
      films: 0,
      recordings: 1,
    }
    expect(foundText(found, 'zh')).toBe('24 张幻灯片、1,200 字、61 张图片、1 段声音')
    expect(foundText(found, 'en')).toBe('24 slides, 1,200 characters, 61 pictures, 1 recording')
    expect(callsText({ found, calls: { text: 2, image: 65, media: 0 } }, 'zh')).toBe('调用 67 次（文字 2、图片 65）')
    expect(callsText({ found, calls: { text: 1, image: 0, media: 0 } }, 'en')).toBe('1 call (words 1)')
    expect(leftOutText({ leftOut: '' }, 'en')).toBe('')
    const leftOut = encodeRemarks([remark('untaken_recordings', { count: 1 })])
    expect(leftOutText({ leftOut }, 'zh')).toMatch(/^未读：.*1/)
  })
})
