import { describe, expect, test } from 'vitest'
import { words as history } from '../../../../renderer/features/history/words.ts'
import { words as palette } from '../../../../renderer/features/palette/words.ts'
import { words as profiles } from '../../../../renderer/features/profiles/words.ts'
import { words as queue } from '../../../../renderer/features/queue/words.ts'
import { words as reports } from '../../../../renderer/features/reports/words.ts'
import { words as settings } from '../../../../renderer/features/settings/words.ts'

const folders: Record<string, { zh: Record<string, string>; en: Record<string, string> }> = {
  history,
  palette,
  profiles,
  queue,
  reports,
  settings,
}
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted()

describe.each(Object.entries(folders))('the words of %s', (_, { zh, en }) => {
  test('are there in both languages, with the same places to fill', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    for (const key of Object.keys(zh)) expect([key, holes(en[key] ?? '')]).toEqual([key, holes(zh[key] ?? '')])
  })

  test('use Chinese punctuation in Chinese', () => {
    for (const text of Object.values(zh)) expect(text).not.toMatch(/\p{Script=Han}[,;:?!()]|[,;?!()]\p{Script=Han}/u)
  })

  test('never call anything safe', () => {
    for (const text of [...Object.values(zh), ...Object.values(en)]) expect(text).not.toMatch(/安全(?!$)|\bsafe\b/i)
  })
})
