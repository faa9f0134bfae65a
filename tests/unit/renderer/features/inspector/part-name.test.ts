import { afterEach, expect, test } from 'vitest'
import { i18n } from '../../../../../renderer/base/i18n/index.ts'
import { partName } from '../../../../../renderer/features/inspector/part-name.ts'

afterEach(async () => {
  await i18n.changeLanguage('zh')
})

test('parts are named in the language of the window', async () => {
  expect(partName('whole')).toBe('整体')
  expect(partName('frame 2/3 tile 1/4')).toBe('帧 2/3 分片 1/4')
  await i18n.changeLanguage('en')
  expect(partName('chunk 1/2')).toBe('chunk 1/2')
})

test('a name that nobody knows stays as it is', () => {
  expect(partName('第二段')).toBe('第二段')
})
