import { MantineProvider } from '@mantine/core'
import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type RuleHit, type RulesView, rulesProfile } from '../../../../../../shared/rules.ts'
import type { AssetDetail } from '../../../../../../shared/screening.ts'
import { ruleHit, ruleText, waiver } from './hit-fixtures.ts'

// What the preload puts there; nothing is asked of it while something is only drawn.
vi.stubGlobal('prescreen', {})
afterAll(() => vi.unstubAllGlobals())
const { i18n } = await import('../../../../../../renderer/base/i18n/index.ts')
const { RulesSection } = await import('../../../../../../renderer/features/inspector/rules/rules-section.tsx')
const { FineForm } = await import('../../../../../../renderer/features/inspector/rules/fine-form.tsx')

afterEach(() => void i18n.changeLanguage('zh'))

function drawn(view: ReactElement): string {
  const markup = renderToStaticMarkup(createElement(MantineProvider, null, view))
  return markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

function said(ruled: RulesView | null, reason: string | null = null): string {
  const detail = { id: 1, ruled, results: [{ profile: rulesProfile, reason, detail: null }] } as unknown as AssetDetail
  return drawn(createElement(RulesSection, { detail }))
}

const found = (...hits: readonly RuleHit[]): RulesView => ({ finding: 'forbidden', hits, more: 0 })

describe('the card of a hit', () => {
  test('says the rule, its article in its own words, how that was read, why, and what to say instead', () => {
    const text = said(found(ruleHit(1)))
    for (const part of [
      '收益保证',
      '第二十五条（一）',
      '对未来效果、收益作出保证性承诺',
      '国家法律法规数据库',
      '2026-11-29',
    ])
      expect(text).toContain(part)
    expect(text).toContain('读自官方文本')
    expect(text).toContain('不得保证收益。')
    expect(text).toContain('收益有波动')
    expect(text).toContain('cn-advertising/finance-promise · 版本 b94d27b9 · 已核对')
    expect(text).toContain('第 2 行第 5 列')
    expect(text).toContain('不构成法律意见')
  })

  test('says of an article that was not seen that it was not', () => {
    const citation = { ...ruleText().citation, reading: 'unseen', quote: null, readAt: '', readOn: null } as const
    const text = said(found(ruleHit(1, { text: ruleText({ citation, severity: 'notice', state: 'draft' }) })))
    expect(text).toContain('未见原文，只作提示')
    expect(text).toContain('草稿，尚未核对')
  })

  test('says of a list of the house that it is no statute', () => {
    const citation = { ...ruleText().citation, article: '', quote: null, readAt: '品牌部', readOn: null } as const
    const text = said(found(ruleHit(1, { text: ruleText({ citation, owner: '品牌部' }) })))
    expect(text).toContain('自有词表，不是法律条文')
    expect(text).toContain('负责人：品牌部')
    expect(text).not.toContain('官方文本')
  })

  test('says from the day of its review on that the rule is stale', () => {
    expect(said(found(ruleHit(1, { text: ruleText({ review: '2020-01-01' }) })))).toContain('已过复查日期 2020-01-01')
    expect(said(found(ruleHit(1, { text: ruleText({ review: '9999-01-01' }) })))).not.toContain('已过复查日期')
  })

  test('says who found it fine, how far and why', () => {
    const text = said(found(ruleHit(1, { waiver })))
    expect(text).toContain('这里没问题 · 本批次')
    expect(text).toContain('引用顾客原话')
    expect(text).toContain('王敏')
    expect(text).toContain('撤回')
  })

  test('asks for a reason when it is to be found fine, and says how far that goes', () => {
    const text = drawn(createElement(FineForm, { hit: ruleHit(1), asset: 1 }))
    for (const part of ['理由（必填）', '这一处', '本批次', '以后都', '只此一处。']) expect(text).toContain(part)
  })

  test('says of a companion that is missing that it concerns the text as a whole', () => {
    const nowhere = { range: null, line: null, column: null, matched: '', before: '', after: '' }
    expect(said(found(ruleHit(1, nowhere)))).toContain('全文缺少应有的说明')
  })
})

describe('what rules did not look at', () => {
  test('is said of a picture, whose words are not read yet', () => {
    const text = said({ finding: null, hits: [], more: 0 }, 'kind_not_taken')
    expect(text).toContain('规则未查')
    expect(text).toContain('图片和音频里的文字目前还不读取')
  })

  test('is said with its reason, beside what was seen', () => {
    expect(said({ finding: null, hits: [], more: 0 }, 'undecodable_text')).toContain('规则没有查完这个素材')
    expect(said(found(ruleHit(1)), 'left_out')).toContain('没有查完，下面只是已查到的部分')
  })

  test('is said of a batch without rules', () => {
    expect(said(null)).toContain('这个批次没有用规则检查')
  })

  test('is told from what they looked at without finding anything', () => {
    const text = said({ finding: 'none', hits: [], more: 0 })
    expect(text).toContain('规则未命中')
    expect(text).not.toContain('规则没有查完')
  })

  test('counts what was found and not kept', () => {
    expect(said({ ...found(ruleHit(1)), more: 1240 })).toContain('另有 1,240 处命中')
  })
})
