export interface TableRow {
  /** From 1. */
  readonly row: number
  /** What the cells show; those that are missing are blank. */
  readonly cells: readonly (string | undefined)[]
  /** Indexes of the cells that show something which is not stored, and of those that show a picture which is left out. */
  readonly valueless?: ReadonlySet<number> | undefined
  readonly pictures?: ReadonlySet<number> | undefined
  /** Of those that show a picture which is a piece. */
  readonly held?: ReadonlySet<number>
}

/** Words at the top of a column that are its name and no material, whichever way the column was chosen. */
export const headerWords: ReadonlySet<string> = new Set(
  '文案 文本 文字 内容 正文 标题 主标题 副标题 评论 昵称 简介 签名 描述 备注 名称 图片 图片地址 图片链接 链接 网址 地址 text content title body message comment copy caption nickname description note name url link image address'.split(
    ' ',
  ),
)

/** A, B, …, Z, AA, …: the name a spreadsheet gives the column. */
export function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter
}
