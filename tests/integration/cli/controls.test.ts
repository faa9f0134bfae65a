import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentedTestStrings } from '../../../electron/engine/checkers/tencent/test-strings.ts'
import { runCli, wechatFlags } from '../../fixtures/engine/cli.ts'
import { sandboxFor, temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

/** A platform that knows one word of its own, and not the string that it documents. */
async function forgetfulHost() {
  let controls = 0
  const host = await startHost(
    ({ response, body }) => {
      if (body.includes(documentedTestStrings[0])) controls += 1
      reply(response, body.includes('违禁') ? '{"errcode":87014,"errmsg":"risky"}' : '{"errcode":0,"errmsg":"ok"}')
    },
    { controls: 'asked' },
  )
  return { ...host, controls: () => controls }
}

test('a platform that lets its own test string pass is named in every report; verdicts and exit status stay', async () => {
  const folder = await temporaryFolder()
  const host = await forgetfulHost()
  const data = ['--data-dir', join(folder, 'data')]
  const place = (name: string) => join(folder, name)
  await writeFile(place('a.txt'), '春茶上新')
  await writeFile(place('b.txt'), '第二段文案')
  const reports = [
    '--csv',
    place('r.csv'),
    '--jsonl',
    place('r.jsonl'),
    '--html',
    place('r.html'),
    '--xlsx',
    place('r.xlsx'),
  ]
  const end = await runCli(['screen', place('a.txt'), ...wechatFlags(host.url), ...data, ...reports, '--lang', 'en'])
  expect(end.status).toBe(0)
  expect(end.stdout).toContain(
    'wechat.msg_sec_check (v1): the platform let its own test string pass; a no-hit is not backed.',
  )
  const line = JSON.parse(await readFile(place('r.jsonl'), 'utf8'))
  expect(line).toMatchObject({ verdict: 'pass', control: 'clean' })
  expect(Object.keys(line).slice(-4)).toEqual(['control', 'rules', 'ruleHits', 'moreRuleHits'])
  expect(await readFile(place('r.csv'), 'utf8')).toMatch(/,[0-9a-f]{64},,no,clean,,,,\r\n$/)
  expect(await readFile(place('r.html'), 'utf8')).toMatch(/<span class="control clean">.*a no-hit is not backed/)
  // A column behind the hash of the row does not hide it from the verifier.
  const verified = await runCli(['verify', ...['r.csv', 'r.jsonl', 'r.html', 'r.xlsx'].map(place), ...data, '--json'])
  expect(verified.status).toBe(0)
  expect((await runCli(['verify', ...data])).status).toBe(0)

  const second = await runCli(['screen', place('b.txt'), ...wechatFlags(host.url), ...data, '--json', '--lang', 'zh'])
  expect(second.status).toBe(0)
  expect(JSON.parse(second.stdout)).toMatchObject({ controls: [{ means: 'test_string', state: 'clean' }] })
  expect(host.controls()).toBe(1)
}, 120_000)

test('a changed row is found in a CSV with columns after its hash', async () => {
  const folder = await temporaryFolder()
  const host = await forgetfulHost()
  const data = ['--data-dir', join(folder, 'data')]
  const csv = join(folder, 'r.csv')
  await writeFile(join(folder, 'a,"b".txt'), '春茶上新')
  await runCli(['screen', join(folder, 'a,"b".txt'), ...wechatFlags(host.url), ...data, '--csv', csv])
  const text = await readFile(csv, 'utf8')
  await writeFile(csv, text.replace(',clean,', ',flagged,'))
  expect((await runCli(['verify', csv, ...data])).status).toBe(2)
}, 120_000)

test('what cannot be controlled is said, and a stored profile names what can be', async () => {
  const folder = await temporaryFolder()
  const sandbox = await sandboxFor()
  const data = ['--data-dir', join(folder, 'data')]
  await writeFile(join(folder, 'a.txt'), '春茶上新')
  const v2 = [...wechatFlags(sandbox.url), '--openid', 'oPractice_always_visiting_01', '--no-reuse']
  const without = await runCli(['screen', join(folder, 'a.txt'), ...v2, ...data, '--lang', 'zh'])
  expect(without.stdout).toContain('wechat.msg_sec_check (v2)：没有做对照检查')
  const flags = ['--control-keyword', '红灯果', '--control-image', join(folder, 'mark.png')]
  const added = await runCli(['profiles', 'add', 'Brand A', ...v2.slice(0, -1), ...flags, ...data])
  expect(added.status).toBe(0)
  const plan = await runCli([
    'plan',
    join(folder, 'a.txt'),
    '--profile',
    'Brand A',
    ...data,
    '--no-reuse',
    '--lang',
    'en',
  ])
  expect(plan.stdout).toContain('1 of the calls is a control check of the day')
  const end = await runCli(['screen', join(folder, 'a.txt'), '--profile', 'Brand A', ...data, '--no-reuse', '--json'])
  expect(JSON.parse(end.stdout)).toMatchObject({ controls: [{ means: 'keyword', state: 'flagged', version: 'v2' }] })
  const doctor = await runCli(['doctor', 'Brand A', ...data, '--lang', 'en'])
  expect(doctor.status).toBe(0)
  expect(doctor.stdout).toContain("flagged the profile's control keyword; a no-hit is backed")
}, 120_000)
