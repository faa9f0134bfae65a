/**
 * What the verifier does not compare, and why that is no way to a false pass. Every other column of every table is compared with the ledger,
 * or with what it is derived from; docs/evidence.md says the same to people.
 */
export interface Uncompared {
  readonly table: string
  /** All of them where it is null. */
  readonly columns: readonly string[] | null
  /** SQL condition for the rows that it applies to; null for all of them. */
  readonly rows: string | null
  readonly zh: string
  readonly en: string
}

export const uncompared: readonly Uncompared[] = [
  {
    table: 'batches',
    columns: ['owner'],
    rows: null,
    zh: '哪个程序正在处理这个批次；只用于恢复，不显示，也不影响结论。',
    en: 'which program works on the batch: it decides who takes it up again, is not shown, and bears on no verdict',
  },
  {
    table: 'checks',
    columns: null,
    rows: "state = 'sent'",
    zh: '尚未得到答复的送检：账本在收到答复时才有它的行，在此之前它也不算结论。',
    en: 'checks that are out: the ledger gets their row with the answer, and until then they are no verdict',
  },
  {
    table: 'likenesses',
    columns: null,
    rows: null,
    zh: '图片的画面特征，只用来查找相似的画面；与结论无关，可以随时重新计算。',
    en: 'what pictures look like, to find others that look alike: it bears on no verdict, and can be made again at any time',
  },
  {
    table: 'search',
    columns: null,
    rows: null,
    zh: '搜索索引里的词：索引不保存原文，无从比对；核对只看每个路径、备注和标签是否已收录。',
    en: 'the words in the search index, which keeps no texts to compare with; only that each path, note and label is indexed',
  },
  {
    table: 'search_queue',
    columns: null,
    rows: null,
    zh: '等待收录进搜索索引的文本。',
    en: 'texts on their way into the search index',
  },
  {
    table: 'sqlite_sequence',
    columns: null,
    rows: null,
    zh: 'SQLite 发放编号的计数；编号重复会被表本身拒绝。',
    en: "SQLite's own count of the numbers it gave out: the tables themselves refuse one that is given out twice",
  },
]
