import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startCli } from '../../fixtures/engine/cli.ts'

test('a title is checked on every platform: as a field where there is one, else as a part of its own', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-title-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const jsonl = join(dir, 'out.jsonl')
  const args = [
    'screen',
    '-',
    '--profile',
    'practice',
    '--profile',
    'practice-qq',
    '--title',
    '红灯果',
    '--jsonl',
    jsonl,
  ]
  const { status } = await startCli([...args, '--data-dir', join(dir, 'data')], { input: '清白的正文' }).ended
  expect(status).toBe(2)
  const lines = readFileSync(jsonl, 'utf8').trim().split('\n')
  const parts = lines
    .map(line => JSON.parse(line))
    .map(({ platform, verdict, checks }) => ({
      platform,
      verdict,
      parts: checks.map((check: { part: string; verdict: string }) => `${check.part} ${check.verdict}`),
    }))
  expect(parts).toContainEqual({ platform: 'wechat', verdict: 'risky', parts: ['whole risky'] })
  expect(parts).toContainEqual({ platform: 'qq', verdict: 'risky', parts: ['whole pass', 'title risky'] })
})
