import { expect, test } from 'vitest'
import { mistakesIn } from '../../../../../renderer/features/rules/list-choice.ts'

const choice = { id: 'banned', title: '禁用词', columns: { words: 0 } }

test('a list is read in once its words, its title and an id of its own are known', () => {
  expect(mistakesIn(choice, ['other'])).toEqual({ words: false, title: false, id: null })
  expect(mistakesIn({ ...choice, columns: { note: 1 } }, []).words).toBe(true)
  expect(mistakesIn({ ...choice, title: ' ' }, []).title).toBe(true)
  expect(mistakesIn({ ...choice, id: 'No id' }, []).id).toBe('id')
  expect(mistakesIn(choice, ['banned']).id).toBe('taken')
})
