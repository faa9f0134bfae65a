import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { practiceWords } from '../../../electron/engine/checkers/tencent/practice/words.ts'
import { parseFaultScript, practiceApps, sandboxEndpoints } from '../../fixtures/practices.ts'

// Tables are padded to align.
const page = (await readFile(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8')).replaceAll(/ +/g, ' ')

test('the fault scripts shown in the page are valid', () => {
  const scripts = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json)
  expect(scripts).toHaveLength(2)
  for (const script of scripts) expect(parseFaultScript(JSON.parse(script)).kind).toBe('script')
})

test('each form of when and then listed in the page is valid', () => {
  const forms = [...page.matchAll(/^\| `("reset"|"pass"|\{.*?\})`/gm)].map(([, json = '']) => JSON.parse(json))
  expect(forms).toHaveLength(24)
  const ruleWith = (key: string, form: unknown) =>
    Object.fromEntries<unknown>([
      ['endpoint', '*'],
      ['when', { always: true }],
      ['then', 'reset'],
      [key, form],
    ])
  for (const form of forms) {
    const kinds = ['when', 'then'].map(key => parseFaultScript({ rules: [ruleWith(key, form)] }).kind)
    expect(kinds.sort()).toEqual(['invalid', 'script'])
  }
})

test('the page lists, in both languages, every word with its verdict, and every practice app', () => {
  for (const { zh, en, suggest, label } of practiceWords) {
    expect(page.split(`| ${zh} | ${en} | ${suggest} | ${label}`)).toHaveLength(3)
  }
  for (const { appid, secret } of practiceApps) expect(page.split(`| \`${appid}\` | \`${secret}\` |`)).toHaveLength(3)
  for (const { openid } of practiceApps.flatMap(app => app.users)) expect(page.split(openid)).toHaveLength(3)
})

test('the page names every endpoint a rule can have', () => {
  for (const endpoint of sandboxEndpoints) expect(page).toContain(`\`${endpoint}\``)
})
