import { type ListColumn, listColumns } from '../../../../shared/rules.ts'

/** What people head the columns of their lists with; compared without case, blanks and marks. */
const headings: Readonly<Record<ListColumn, readonly string[]>> = {
  words: [
    ...[
      '词',
      '词语',
      '词汇',
      '词条',
      '单词',
      '用语',
      '禁用词',
      '禁用语',
      '违禁词',
      '违规词',
      '敏感词',
      '屏蔽词',
      '极限词',
    ],
    ...['限制词', '不用词', '禁词', '关键词', '关键字', '黑名单', '原词', '错误用语', '不规范用语', '禁止用语'],
    ...['word', 'words', 'term', 'terms', 'phrase', 'phrases', 'keyword', 'keywords', 'banned', 'bannedword'],
    ...['bannedwords', 'forbiddenword', 'forbiddenwords', 'blacklist', 'blocklist', 'dontsay', 'avoid'],
  ],
  variants: [
    ...[
      '变体',
      '变体词',
      '变形',
      '变形词',
      '写法',
      '其他写法',
      '别的写法',
      '同义词',
      '近义词',
      '别名',
      '谐音',
      '谐音词',
    ],
    ...['variant', 'variants', 'alias', 'aliases', 'synonym', 'synonyms', 'spelling', 'spellings', 'otherspellings'],
  ],
  note: [
    ...['备注', '说明', '注释', '解释', '原因', '理由', '依据', '禁用原因', '违规原因'],
    ...['note', 'notes', 'remark', 'remarks', 'comment', 'comments', 'reason', 'reasons', 'why', 'description'],
  ],
  suggestion: [
    ...['建议', '建议用语', '建议用词', '建议写法', '建议改为', '改为', '替换', '替换词', '替换为', '替代', '替代词'],
    ...['替代用语', '推荐用语', '推荐用词', '正确用语', '规范用语', '可用词'],
    ...['suggestion', 'suggestions', 'suggest', 'replacement', 'replacements', 'replacewith', 'replace', 'alternative'],
    ...['alternatives', 'instead', 'useinstead', 'betterwords', 'say', 'preferred'],
  ],
  severity: [
    ...['级别', '等级', '严重程度', '严重级别', '风险', '风险等级', '风险级别', '管控级别', '处理', '处理方式', '分级'],
    ...['severity', 'level', 'risk', 'risklevel', 'grade', 'action'],
  ],
  owner: [
    ...[
      '负责人',
      '责任人',
      '归口',
      '归口部门',
      '责任部门',
      '部门',
      '提出人',
      '提出部门',
      '维护人',
      '所有者',
      '来源部门',
    ],
    ...['owner', 'owners', 'department', 'team', 'responsible', 'contact'],
  ],
  until: [
    ...[
      '有效期',
      '有效期至',
      '截止',
      '截止日期',
      '截至',
      '到期',
      '到期日',
      '到期日期',
      '失效日期',
      '结束日期',
      '停用日期',
    ],
    ...['until', 'expires', 'expiry', 'expirydate', 'expiration', 'validuntil', 'enddate', 'end'],
  ],
  exceptions: [
    ...['例外', '例外词', '排除', '排除词', '除外', '白名单', '放行', '放行词', '不算', '允许'],
    ...[
      'exception',
      'exceptions',
      'except',
      'exclude',
      'excluded',
      'allow',
      'allowed',
      'allowlist',
      'whitelist',
      'unless',
    ],
  ],
}

export type ColumnsOfList = Readonly<Partial<Record<ListColumn, number>>>

/** Which column is taken for what, by its heading; empty where the row heads nothing that is known. */
export function guessColumns(header: readonly string[]): ColumnsOfList {
  const cells = header.map(plain)
  const guessed: Partial<Record<ListColumn, number>> = {}
  const taken = new Set<number>()
  const take = (column: ListColumn, fits: (cell: string) => boolean) => {
    if (guessed[column] !== undefined) return
    const at = cells.findIndex((cell, index) => cell !== '' && !taken.has(index) && fits(cell))
    if (at < 0) return
    guessed[column] = at
    taken.add(at)
  }
  for (const column of listColumns) take(column, cell => headings[column].includes(cell))
  if (Object.keys(guessed).length === 0) return guessed
  // 禁用词（2026 版）, Banned word (new): only beside a heading that is one without doubt.
  for (const column of listColumns) take(column, cell => headings[column].some(word => holds(cell, word)))
  return guessed
}

const shortest = 2

function holds(cell: string, word: string): boolean {
  return word.length >= shortest && cell.length <= word.length + 12 && cell.includes(word)
}

function plain(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
