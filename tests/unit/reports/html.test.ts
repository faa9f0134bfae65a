import fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, test } from 'vitest'
import { controlLines } from '../../../electron/engine/reports/control-lines.ts'
import { type HtmlItem, type HtmlReport, htmlReport } from '../../../electron/engine/reports/html.ts'
import { cssString } from '../../../electron/engine/reports/html-style.ts'
import { escaped } from '../../../electron/engine/reports/html-text.ts'
import { pictureParts } from '../../../electron/engine/reports/picture-parts.ts'
import type { RuleHit, RuleText } from '../../../shared/rules.ts'
import type { BatchSummary, CheckView } from '../../../shared/screening.ts'

const tally = { assets: 1, pending: 0, awaiting: 0, pass: 0, rules_only: 0, review: 0, risky: 1, unchecked: 0 }

const batchOf = (name: string, practice: boolean): BatchSummary => ({
  id: 'b_0123456789abcdef',
  name,
  state: 'done',
  notice: null,
  createdAt: 0,
  endedAt: 0,
  walked: true,
  practice,
  profiles: [{ id: 'p', name, platform: 'wechat', appid: 'wx1', practice }],
  tally,
  tallyByProfile: [tally],
  decided: 0,
  noted: 0,
  skipped: 0,
  inputs: { count: 0, first: [], key: '' },
  controls: [],
})

function reportOf(
  changes: Partial<HtmlReport> & {
    readonly name?: string
    readonly practice?: boolean
    readonly reviewers?: readonly string[]
  } = {},
): HtmlReport {
  const { name = '十一海报', practice = false, reviewers = [], ...rest } = changes
  return {
    language: 'zh',
    subject: {
      name,
      batch: batchOf(name, practice),
      batches: 1,
      practice: practice ? 'all' : 'none',
      profiles: batchOf(name, practice).profiles,
      reviewers,
      isRuled: false,
      controls: [],
    },
    filter: null,
    counts: {
      outcomes: { pending: 0, awaiting: 0, pass: 0, rules_only: 0, unchecked: 0, review: 0, risky: 1 },
      decisions: { undecided: 1, approve: 0, reject: 0, escalate: 0, defer: 0 },
      labels: [{ label: 20002, count: 1 }],
    },
    reasons: [],
    isBlurred: true,
    exportedAt: '2026-11-21T08:00:00+08:00',
    ledger: {
      ledgerHead: { seq: 9, hash: 'ab', signature: 'sig', key: '0000' },
      key: { algorithm: 'ed25519', publicKey: 'pub', fingerprint: '1234-5678', origin: 'file' },
    },
    contacts: [],
    unchecked: [],
    sections: [],
    rules: null,
    ...rest,
  }
}

const check: CheckView = {
  id: 5,
  profile: 'p',
  part: 'chunk 1/2',
  rect: null,
  frame: null,
  range: [0, 6],
  line: 1,
  column: 1,
  endpoint: 'wechat.msg_sec_check',
  version: 'v2',
  state: 'done',
  verdict: 'risky',
  reason: null,
  detail: null,
  errcode: 0,
  label: 20002,
  score: 90,
  rid: 'rid-1',
  traceId: null,
  attempts: 1,
  ms: 5,
  at: 0,
  dueAt: null,
  reusedFrom: null,
  reply: null,
}

function itemOf(
  changes: Partial<HtmlItem> & { readonly path?: string; readonly width?: number; readonly height?: number } = {},
): HtmlItem {
  const { path = 'a.txt', width = null, height = null, ...rest } = changes
  return {
    row: {
      id: 1,
      path,
      kind: width === null ? 'text' : 'image',
      bytes: 1,
      width,
      height,
      excerpt: null,
      results: [
        {
          profile: 'p',
          state: 'done',
          outcome: 'risky',
          reason: null,
          detail: null,
          labels: [20002],
          score: 90,
          parts: 1,
          checked: 1,
          reused: false,
          screenedAt: 0,
        },
      ],
      decision: 'approve',
      decisionReason: 1,
      note: path,
      readerNotes: [],
      isOlderReading: false,
      rules: null,
      passage: null,
      boxes: [],
      document: null,
      rule: null,
    },
    batch: batchOf('十一海报', false),
    sha256: 'ab12',
    pieces: null,
    checks: [check],
    history: [{ id: 1, at: 0, reviewer: path, action: 'decide', decision: 'approve', reason: 1, note: path }],
    picture: null,
    parts: [],
    text: null,
    ruled: null,
    spans: [],
    ...rest,
  }
}

async function htmlOf(report: HtmlReport): Promise<string> {
  let html = ''
  for await (const piece of htmlReport(report)) html += piece
  return html
}
const picture = { bytes: Buffer.from('webp'), mime: 'image/webp' }
const tile = (y: number, id: number): CheckView => ({
  ...check,
  part: `tile ${id}/5`,
  id,
  range: null,
  rect: [0, y, 750, 1334],
})
const risky = (item: HtmlItem) => [{ of: 'risky', total: 1, items: [item] } as const]

interface Node {
  readonly nodeName: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly Node[]
}
const all = (node: Node): readonly Node[] => [node, ...(node.childNodes ?? []).flatMap(all)]
const outline = (html: string) =>
  all(parse(html) as Node)
    .filter(node => node.nodeName !== '#text')
    .map(node => `${node.nodeName} ${node.attrs?.map(attribute => attribute.name).join(' ')}`)

test.each([
  ['zh', '审核人: 未署名 <time'],
  ['en', 'by: unsigned <time'],
] as const)(
  'a decision that nobody signed says so in %s, and prints no date in the place of a name',
  async (language, said) => {
    const item = itemOf()
    const unsigned = { ...item, history: item.history.map(event => ({ ...event, reviewer: '' })) }
    expect(await htmlOf(reportOf({ language, sections: risky(unsigned) }))).toContain(said)
  },
)

test('names, notes and texts are data: whatever they say, the structure of the report stays the same', async () => {
  const structure = (text: string) =>
    htmlOf(
      reportOf({
        name: text,
        filter: text,
        reviewers: [text],
        reasons: [text],
        sections: risky(itemOf({ path: text, text })),
      }),
    )
  const plain = outline(await structure('plain text'))
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "'/*",
      '</style><b>',
      '&lt;',
      '<!--',
      ']]>',
      '\u202eexe',
    ),
  )
  await fc.assert(
    fc.asyncProperty(nasty, async text => {
      expect(outline(await structure(text))).toEqual(plain)
    }),
    { numRuns: 80 },
  )
})

test('the file loads nothing, runs nothing and carries the policy that says so', async () => {
  const html = await htmlOf(reportOf({ sections: risky(itemOf()) }))
  const nodes = all(parse(html) as Node)
  expect(nodes.some(node => node.nodeName === 'script')).toBe(false)
  expect(
    nodes.flatMap(node => node.attrs ?? []).filter(({ name }) => name.startsWith('on') || name === 'style'),
  ).toEqual([])
  expect(nodes.flatMap(node => node.attrs ?? []).filter(({ value }) => /^https?:/.test(value))).toEqual([])
  expect(html).toContain("default-src 'none'; img-src data:; style-src 'sha256-")
})

test('practice is marked at the top, beside the profile and in the margin of every page', async () => {
  const html = await htmlOf(reportOf({ practice: true }))
  expect(html).toContain('演练：结论来自内置沙箱')
  expect(html).toMatch(/@top-left\{content:"演练 PRACTICE · 预审报告 十一海报/)
  expect(await htmlOf(reportOf())).not.toContain('演练')
})

test('a risky text shows what was flagged, and the smallest span once somebody looked for it', async () => {
  const text = '开头<b>结尾'
  const marked = /<mark class="risky">(.*?)<\/mark>/
  expect(marked.exec(await htmlOf(reportOf({ sections: risky(itemOf({ text })) })))?.[1]).toBe('开头&lt;b&gt;结')
  const narrowed = await htmlOf(reportOf({ sections: risky(itemOf({ text, spans: [{ check: 5, range: [1, 3] }] })) }))
  expect(marked.exec(narrowed)?.[1]).toBe('头&lt;')
  expect(narrowed).toContain('不等于“违禁词”')
})

test('a text that was flagged as a whole is shown as such, unless a rule knows the words', async () => {
  const whole = { ...check, part: 'whole' }
  const html = await htmlOf(reportOf({ sections: risky(itemOf({ text: '一段文字', checks: [whole] })) }))
  expect(html).toContain('<p class="text all" dir="auto"><mark class="risky">一段文字</mark></p>')
  expect(html).not.toContain('<sup>')
})

test('tiles are marked on the picture where they lie', async () => {
  const item = itemOf({ width: 750, height: 2000, picture, checks: [tile(0, 1)] })
  const html = await htmlOf(reportOf({ sections: risky(item) }))
  expect(html).toContain('viewBox="0 0 750 1500"')
  expect(html).toContain('<rect class="mark risky" x="0" y="0" width="750" height="1334"/>')
  expect(html).toMatch(/<circle class="badge"[^>]*\/><text class="badge"[^>]*>1</)
  expect(html).toContain('<b class="no">1</b> 分片 1/5')
  expect(html).toContain('图片已模糊处理')
})

test('a flagged picture of a document is shown with the parts on it, named by slide in either language', async () => {
  const size = { width: 750, height: 1334 }
  const name = 'picture 3'
  const pieces = {
    pieces: [
      { kind: 'picture' as const, name: 'picture 2', places: [{ slide: 1 }], size },
      { kind: 'picture' as const, name, places: [{ slide: 2 }, { slide: 5 }], size },
    ],
    sections: [],
  }
  const checks = [
    { ...check, id: 1, part: `${name} tile 2/2`, range: null, rect: [0, 600, 750, 700] as const },
    { ...check, id: 2, part: 'picture 2 tile 1/2', range: null, rect: [0, 0, 750, 700] as const },
  ]
  const item = itemOf({ path: '年会.pptx', checks, pieces, picture })
  const row = { ...item.row, kind: 'document' as const, document: { picture: name, pictures: 2 } }
  const html = async (language: 'zh' | 'en') => htmlOf(reportOf({ language, sections: risky({ ...item, row }) }))
  const english = await html('en')
  expect(english).toContain('picture 3 tile 2/2 (slide 2, slide 5)')
  // The other picture's tile lies on another picture.
  expect(english.match(/<rect class="mark risky"/g)).toHaveLength(1)
  expect(english).toContain('viewBox="0 0 750 1334"')
  expect(await html('zh')).toContain('图 3 分片 2/2（第 2 张幻灯片、第 5 张幻灯片）')
})

test("a tile below a long poster's thumbnail has a picture of its own, and those without one are counted", async () => {
  const checks = [tile(0, 1), tile(2000, 2), tile(4000, 3)]
  const part = { check: 2, name: 'tile 2/5', verdict: 'risky', rect: [0, 2000, 750, 1334], frame: 0 } as const
  const item = itemOf({ width: 750, height: 6000, picture, parts: [{ part, picture }], checks })
  const html = await htmlOf(reportOf({ sections: risky(item) }))
  expect(html).not.toContain('y="2000"')
  expect(html).toMatch(/<img class="risky" src="data:image\/webp[^>]*alt="分片 2\/5"><figcaption>分片 2\/5/)
  expect(html).toContain('0, 2000, 750, 1334')
  expect(html).toContain('另有 1 处未附图')
})

test.each([
  ['a tile at the top', { rect: [0, 0, 750, 1334], frame: null }, 'seen'],
  ['the whole of a long poster', { rect: [0, 0, 750, 6000], frame: null }, 'seen'],
  ['a tile further down', { rect: [0, 1254, 750, 1334], frame: null }, 'hidden'],
  ['the first frame', { rect: [0, 0, 750, 6000], frame: 0 }, 'seen'],
  ['a later frame', { rect: [0, 0, 750, 6000], frame: 4 }, 'hidden'],
] as const)('%s is shown where a reader can see it', (_, place, where) => {
  const flagged: CheckView = { ...check, range: null, ...place }
  const parts = pictureParts({ width: 750, height: 6000 }, [
    flagged,
    { ...flagged, id: 6 },
    { ...flagged, verdict: 'pass' },
  ])
  expect(parts[where]).toHaveLength(1)
  expect([...parts.seen, ...parts.hidden]).toHaveLength(1)
})

test('a report across history names its filter, and each of its assets the batch it was in', async () => {
  const across = reportOf({
    filter: '送检时间: 2026-11-01 – 2026-11-21',
    subject: {
      name: '跨批次',
      batch: null,
      batches: 3,
      practice: 'some',
      profiles: batchOf('x', true).profiles,
      reviewers: [],
      isRuled: false,
      controls: [],
    },
    sections: [
      {
        of: 'risky',
        total: 2,
        items: [itemOf({ batch: batchOf('双十一', false) }), itemOf({ batch: batchOf('彩排', true) })],
      },
    ],
  })
  const html = await htmlOf(across)
  expect(html).toContain('2026-11-01 – 2026-11-21')
  expect(html).toContain('<dt>批次数</dt><dd>3</dd>')
  const [, first = '', second = ''] = html.split('<article ')
  expect(first).toContain('双十一')
  expect(first).not.toContain('演练')
  expect(second).toContain('<b class="tag">演练 PRACTICE</b>')
  expect(html).toContain('含演练')
  expect(html).toMatch(/@top-left\{content:"演练 PRACTICE · 预审报告 跨批次 · x/)
})

test('every column of the evidence has a name, and words in it break only after a separator', async () => {
  const html = await htmlOf(reportOf({ language: 'en', sections: risky(itemOf()) }))
  expect(html).not.toContain('<th></th>')
  expect(html).toContain('wechat.<wbr>msg_<wbr>sec_<wbr>check')
})

test('"no hit" is never called safe, in either language, and the limits are spelt out', async () => {
  const zh = await htmlOf(reportOf())
  expect(zh).toContain('不等于“安全”')
  const en = await htmlOf(reportOf({ language: 'en' }))
  expect(en).toContain('It does not mean &quot;safe&quot;')
  expect(en).toContain('tamper-evident')
  expect(en).not.toContain('tamper-proof')
})

test('what a report does not list is counted', async () => {
  const html = await htmlOf(reportOf({ sections: [{ of: 'risky', total: 12, items: [itemOf()] }] }))
  expect(html).toContain('还有 11 个未列出')
})

test('escaped text has no markup and no character that HTML cannot hold', () => {
  expect(escaped('<a href="x">&\'\u0000')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u{fffd}')
})

describe('page one', () => {
  const outcomes = { pending: 1, awaiting: 1, pass: 3, rules_only: 0, unchecked: 2, review: 0, risky: 1 }
  const counts = { ...reportOf().counts, outcomes }
  const coverOf = async (changes: Parameters<typeof reportOf>[0]) =>
    /<section class="cover">.*?<\/section>/s.exec(await htmlOf(reportOf(changes)))?.[0] ?? ''

  test('has the counts, what was not checked and why, with signs that need no colour', async () => {
    const unchecked = [
      { reason: 'timeout', count: 2 },
      { reason: 'interrupted', count: 1 },
    ]
    const html = await coverOf({ counts, unchecked })
    expect(html).toContain('<li class="unchecked"><b>4</b><span>○ 未检')
    expect(html).toContain('未检 4 个：没有得到结论，不能当作通过。')
    expect(html).toMatch(/<li>2 · 平台没有及时回复[^<]*。<\/li>/)
    expect(html).toContain('1 · 其他原因')
    expect(await coverOf({})).toContain('没有未检的素材')
  })

  test('shows the most urgent, each with a way to its card, and says how many more there are', async () => {
    const contacts = [
      { number: 1, outcome: 'risky', row: itemOf({ path: '海报/a.png' }).row, picture },
      { number: 2, outcome: 'unchecked', row: { ...itemOf().row, excerpt: '<b>开头' }, picture: null },
    ] as const
    const html = await coverOf({ counts, contacts })
    expect(html).toMatch(/<a href="#n1">.*?<img src="data:image\/webp[^>]*>.*?<b>1<\/b> ▲ <bdi>a.png<\/bdi>/s)
    expect(html).toContain('&lt;b&gt;开头')
    expect(html).toContain('另有 3 个')
    expect(await htmlOf(reportOf({ sections: risky(itemOf()) }))).toContain(
      '<article class="card risky broken" id="n1">',
    )
  })

  test('names the batch and its profiles in the margin of each page, and ids in the appendix alone', async () => {
    const html = await htmlOf(reportOf())
    expect(html).toContain('@top-left{content:"预审报告 十一海报 · 十一海报"')
    const [main = '', appendix = ''] = html.split('class="appendix"')
    expect(main).not.toContain('b_0123456789abcdef')
    expect(main).not.toContain('wx1')
    expect(appendix).toContain('b_0123456789abcdef')
    expect(appendix).toContain('wx1')
  })

  test('has lines to sign on, and no date and no name that nobody wrote there', async () => {
    const signed = async (reviewers: readonly string[]) =>
      (await coverOf({ reviewers })).split('class="signatures"')[1] ?? ''
    const unsigned = await signed([''])
    expect(unsigned).toContain('没有署名')
    expect(unsigned.match(/<i><\/i>|<i class="date"><\/i>/g)).toHaveLength(4)
    expect(unsigned).not.toMatch(/\d{4}/)
    expect(await signed(['林晓'])).toContain('<bdi>林晓</bdi>')
  })
})

test('a name in the margin of pages cannot end its string or the style sheet', async () => {
  await fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"}</style><b>', '\\', '\\"', 'a\nb', '*/')),
      name => {
        expect(cssString(name)).toMatch(/^"(?:[\p{L}\p{N} ·（）]|\\[0-9a-f]+ )*"$/u)
      },
    ),
  )
  expect(cssString('双十一 2026'.repeat(20)).length).toBeLessThan(90)
})

test('the hash of a file, and what was asked of whom, are in the appendix alone', async () => {
  const html = await htmlOf(reportOf({ sections: risky(itemOf()) }))
  const [main = '', appendix = ''] = html.split('class="appendix"')
  expect(main).not.toContain('wechat.')
  expect(appendix).toContain('<td>rid-<wbr>1</td>')
  expect(appendix).toContain('<a href="#n1">1</a> <bdi>a.txt</bdi> <code>ab12</code>')
})

describe('what rules found', () => {
  const text: RuleText = {
    book: 'house',
    rule: 'best',
    title: { zh: '最佳', en: 'Best' },
    severity: 'forbidden',
    scopes: ['general'],
    citation: {
      source: { zh: '手册', en: 'Manual' },
      article: '第一条',
      quote: null,
      reading: 'official',
      readAt: '',
      readOn: null,
    },
    why: null,
    suggestion: null,
    state: 'checked',
    review: '2026-01-01',
    inForce: { from: null, until: null },
    owner: null,
  }
  const hit: RuleHit = {
    id: 1,
    check: 5,
    text,
    bookVersion: 'ab',
    range: [2, 4],
    line: 1,
    column: 3,
    matched: '最佳',
    before: '本店',
    after: '\n之选',
    waiver: null,
  }
  const found = {
    text,
    assets: 1,
    fine: 0,
    async *places() {
      yield { asset: 1, path: 'a.txt', batch: 'b_1', hit }
    },
  }
  const outcomes = { pending: 0, awaiting: 0, pass: 3, rules_only: 2, unchecked: 0, review: 0, risky: 1 }
  const counts = { ...reportOf().counts, outcomes }

  test('is numbered also where two rules begin with one word, and said to be unseen of texts alone', async () => {
    const longer = {
      ...hit,
      id: 2,
      range: [2, 6] as const,
      matched: '最佳之选',
      text: { ...text, rule: 'best-choice' },
    }
    const ruled = { finding: 'forbidden', hits: [hit, longer], more: 0 } as const
    const html = await htmlOf(reportOf({ sections: risky(itemOf({ text: '本店最佳之选', ruled })) }))
    expect(html).toContain('本店<sup>1 2</sup><mark class="forbidden">最佳</mark><mark class="forbidden">之选</mark>')
    const unseen = { finding: null, hits: [], more: 0 } as const
    expect(await htmlOf(reportOf({ sections: risky(itemOf({ text: '本店', ruled: unseen })) }))).toContain('没有查完')
    const image = itemOf({ width: 10, height: 10, ruled: unseen })
    expect(await htmlOf(reportOf({ sections: risky(image) }))).not.toContain('没有查完')
  })

  test('is counted on the cover under a name and a colour of its own, with what is stale and that it is no legal advice', async () => {
    const html = await htmlOf(reportOf({ counts, rules: { rules: [found], today: '2026-11-30' } }))
    const [cover = ''] = html.split('id="rule-1"')
    expect(cover).toContain('<li class="rules_only"><b>2</b><span>□ 仅规则')
    expect(cover).toContain('<li class="pass"><b>3</b><span>– 未命中')
    expect(cover).toContain('<dt>素材</dt><dd>6</dd>')
    expect(cover).toContain('其中 1 条已过复查日期')
    expect(cover).toContain('不构成法律意见')
  })

  test('is not mentioned where no rule looked', async () => {
    const html = await htmlOf(reportOf({ counts: { ...counts, outcomes: { ...outcomes, rules_only: 0 } } }))
    expect(html).not.toContain('□ 仅规则')
    expect(html).not.toContain('class="rules"')
  })

  test('stands in the frame of its asset, with a way to its page, and not as a part that was flagged as a whole', async () => {
    const ruled = { finding: 'forbidden', hits: [hit], more: 2 } as const
    const item = itemOf({ text: '本店最佳\n之选', ruled })
    const html = await htmlOf(reportOf({ sections: risky(item), rules: { rules: [found], today: '2026-11-30' } }))
    const [, article = ''] = /<article (.*?)<\/article>/s.exec(html) ?? []
    expect(article).toContain('<a href="#rule-1"><bdi>最佳</bdi></a> <span class="where"><q><bdi>最佳</bdi></q>')
    expect(article).toContain('本店<sup>1</sup><mark class="forbidden">最佳</mark>\n之选')
    expect(article).toContain('还有 2 处未列出')
    expect(article).not.toContain('<mark class="risky">')
    expect(article).not.toContain('class="checks"')
  })

  test('needs no control check to be believed, and says so where its own failed', async () => {
    const rules = { id: 'rules', name: '规则', platform: 'rules', appid: 'local', practice: false }
    const control = (state: 'flagged' | 'clean') =>
      ({ profile: 'rules', endpoint: 'rules.text', version: '1', means: 'test_string', state, at: 0 }) as never
    const lines = (state: 'flagged' | 'clean') =>
      controlLines({ controls: [control(state)], profiles: [rules] }, 'zh').map(line => line.state)
    expect(lines('flagged')).toEqual([])
    expect(lines('clean')).toEqual(['clean'])
  })
})
