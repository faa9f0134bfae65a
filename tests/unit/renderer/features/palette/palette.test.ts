import { expect, test } from 'vitest'
import { type Entry, matching, withSpelling } from '../../../../../renderer/features/palette/entries.ts'
import { spell } from '../../../../../renderer/features/palette/spelling.ts'

const entry = (
  id: string,
  label: string,
  alsoFoundBy: readonly string[] = [],
  detail: string | null = null,
): Entry => ({
  id,
  group: 'commands',
  label,
  detail,
  alsoFoundBy,
  keys: null,
  run: () => undefined,
})
const entries = [
  entry('export', '导出…', ['Export…']),
  entry('history', '历史', ['History']),
  entry('batch', '双十一主会场', ['品牌A'], '演练 · 240 个素材'),
  entry('openFolder', '打开文件夹…', ['Open folder…']),
  entry('open', '放大查看', ['Open full size']),
]
const found = (query: string) => matching(entries, query).map(({ id }) => id)

test('an empty query shows everything in its order', () => {
  expect(found('  ')).toEqual(entries.map(({ id }) => id))
})

test('finds in either language, whatever the language of the window', () => {
  expect(found('历史')).toEqual(['history'])
  expect(found('HIST')).toEqual(['history'])
})

test('finds with letters typed full width', () => {
  expect(found('ｅｘｐｏｒｔ')).toEqual(['export'])
})

test('every word has to be somewhere', () => {
  expect(found('品牌 演练')).toEqual(['batch'])
  expect(found('品牌 history')).toEqual([])
})

test('what begins with the query comes before what merely contains it', () => {
  const ranked = matching([entry('a', '搜索历史'), entry('b', '历史'), entry('c', '其他', ['历史'])], '历史')
  expect(ranked.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
})

test('what is written in Chinese is found by its pinyin, whole or by first letters', () => {
  const spelt = (query: string) => matching(withSpelling(entries, spell), query).map(({ id }) => id)
  expect(spelt('daochu')).toEqual(['export'])
  expect(spelt('dkwjj')).toEqual(['openFolder'])
  expect(spelt('shuangshiyi')).toEqual(['batch'])
  expect(spelt('export')).toEqual(['export'])
  expect(found('daochu')).toEqual([])
})
