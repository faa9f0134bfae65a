import { MantineProvider } from '@mantine/core'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { failureCodes, failureText } from '../../../../../shared/failures.ts'
import { encodeRemarks, remark } from '../../../../../shared/remarks/index.ts'
import type { AssetDetail } from '../../../../../shared/screening.ts'

// What the preload puts there; nothing is asked of it while something is only drawn.
vi.stubGlobal('prescreen', {})
afterAll(() => vi.unstubAllGlobals())
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const { Results } = await import('../../../../../renderer/features/inspector/inspector.tsx')

const remarks = encodeRemarks([remark('picture', { count: 3, place: '价格表' })])

function detailWith(reason: (typeof failureCodes)[number]): AssetDetail {
  const result = {
    profile: 'p',
    state: 'done',
    outcome: 'unchecked',
    reason,
    detail: remarks,
    labels: [],
    score: null,
    parts: 1,
    checked: 0,
    reused: false,
    screenedAt: 1,
  } as const
  return {
    id: 1,
    path: 'a.png',
    kind: 'image',
    bytes: 1,
    width: null,
    height: null,
    excerpt: null,
    results: [result],
    decision: null,
    decisionReason: null,
    note: null,
    readerNotes: [],
    isOlderReading: false,
    rules: null,
    passage: null,
    boxes: [],
    document: null,
    rule: null,
    ruled: null,
    batch: 'b_1',
    sha256: null,
    text: null,
    encoding: null,
    reading: 'png 2',
    pieces: null,
    checks: [],
    spans: [],
    history: [],
    earlier: [],
  }
}

/** As a person reads it: without tags, and with what they stand for. */
const readable = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe.each(['zh', 'en'] as const)('the inspector in %s', language => {
  test.each(failureCodes)('says %s and its details in that language', async code => {
    await i18n.changeLanguage(language)
    const view = createElement(Results, { detail: detailWith(code) })
    const said = readable(renderToStaticMarkup(createElement(MantineProvider, null, view)))
    expect(said).toContain(failureText(code, language))
    expect(said).toContain(language === 'zh' ? '3 张图片（价格表）' : '3 pictures (价格表)')
  })
})
