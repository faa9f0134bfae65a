import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pushFaultOf, pushScriptSchema } from '../../../electron/engine/sandbox/pushes-script.ts'
import { imageRoutes } from '../../../shared/profile.ts'
import { settingsSchema } from '../../../shared/settings.ts'

const page = readFileSync(new URL('../../../docs/async.md', import.meta.url), 'utf8')

test('the script shown in the page is valid and shows every fault', () => {
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  const script = pushScriptSchema.parse(JSON.parse(json))
  expect(script.rules.map(({ then }) => (typeof then === 'string' ? then : Object.keys(then)[0]))).toEqual([
    'never',
    'twice',
    'out_of_order',
    'wrong_signature',
    'lateMs',
    'errcode',
    'shape',
    'shape',
  ])
  expect([1, 7, 14, 8].map(nth => pushFaultOf(script, nth))).toEqual([
    'never',
    { shape: 'v1' },
    { shape: 'v1' },
    { shape: 'bare' },
  ])
})

test('the page names the routes of images in both languages, and the deadline as it is set', () => {
  for (const route of imageRoutes) expect(page.split(`\`imageRoute: ${route}\``)).toHaveLength(3)
  expect(page).toContain(`\`pushDeadlineMinutes\`, ${settingsSchema.parse({}).pushDeadlineMinutes}`)
})
