/** Labels of WeChat's v2 verdicts (spec §2.4). Unknown codes pass through unchanged, named by their number. */
export interface Label {
  readonly code: number
  readonly zh: string
  readonly en: string
}

export const labels: readonly Label[] = [
  { code: 100, zh: '正常', en: 'normal' },
  { code: 10001, zh: '广告', en: 'advertising' },
  { code: 20001, zh: '时政', en: 'politics' },
  { code: 20002, zh: '色情', en: 'pornography' },
  { code: 20003, zh: '辱骂', en: 'abuse' },
  { code: 20006, zh: '违法犯罪', en: 'illegal acts' },
  { code: 20008, zh: '欺诈', en: 'fraud' },
  { code: 20012, zh: '低俗', en: 'vulgar' },
  { code: 20013, zh: '版权', en: 'copyright' },
  { code: 21000, zh: '其他', en: 'other' },
]

export function labelOf(code: number): Label {
  return labels.find(label => label.code === code) ?? { code, zh: `标签 ${code}`, en: `label ${code}` }
}
