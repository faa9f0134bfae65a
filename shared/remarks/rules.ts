import type { RemarkTable } from './remark.ts'

/** Of rule books and word lists, and of what was asked to be done with them. */
export const ruleRemarks = {
  no_such_book: { zh: ({ name }) => `没有编号为 ${name} 的规则书`, en: ({ name }) => `there is no rule book ${name}` },
  book_changed: {
    zh: ({ name }) => `规则书 ${name} 的文件刚被改动：请重新打开，看过之后再继续`,
    en: ({ name }) =>
      `the file of the rule book ${name} has been changed meanwhile: open it again, and look before you go on`,
  },
  book_not_tried: {
    zh: ({ name }) => `规则书 ${name} 的这个版本还没有人试过：请先试用，看过结果再启用`,
    en: ({ name }) =>
      `nobody has tried this version of the rule book ${name}: try it, and put it in force when you have seen what it does`,
  },
  book_has_errors: {
    zh: ({ name }) => `规则书 ${name} 有错误：请按提示的行号改正。之前启用的版本继续生效`,
    en: ({ name }) =>
      `the rule book ${name} has errors: correct the lines that are named. The version in force goes on`,
  },
  book_is_shipped: {
    zh: ({ name }) => `规则书 ${name} 随程序提供，不能修改或删除，只能停用；您自己的规则书请用别的编号`,
    en: ({ name }) =>
      `the rule book ${name} comes with the program; it can be withdrawn, not changed or removed. Give a book of your own another id`,
  },
  book_exists: {
    zh: ({ name }) => `已有编号为 ${name} 的规则书：请换一个编号，或打开那一本来改`,
    en: ({ name }) => `there is a rule book ${name} already: choose another id, or open that one and change it`,
  },
  book_renamed: {
    zh: ({ name }) => `规则书 ${name} 已启用，编号不能改：请先停用，或另建一本`,
    en: ({ name }) => `the rule book ${name} is in force and keeps its id: withdraw it first, or make a new book`,
  },
  book_without_id: {
    zh: () => '新规则书没有可用的编号：请写上编号（小写字母、数字和连字符，不能是 Windows 保留的设备名）',
    en: () =>
      'the new rule book has no id that can be used: write a line book: ID, of lower-case letters, digits and hyphens, and no name of a device of Windows (con, nul …)',
  },
  book_not_in_force: {
    zh: ({ name }) => `规则书 ${name} 没有启用：请先在规则页启用它`,
    en: ({ name }) => `the rule book ${name} is not in force: put it in force on the rules page first`,
  },
  no_book_in_force: {
    zh: () => '没有启用任何规则书，因此没有按规则检查：请启用一本，或关闭规则检查',
    en: () =>
      'no rule book is in force, so nothing was checked by rules: put one in force, or switch the check by rules off',
  },
  past_trial_running: { zh: () => '正在以往批次上试用另一本', en: () => 'another trial on earlier batches is running' },
  // Of lists.
  no_table: {
    zh: () => '这不是表格：请选择 CSV 或 XLSX 文件',
    en: () => 'this is no table: choose a CSV or XLSX file',
  },
  many_rows: {
    zh: ({ limit }) => `超过 ${limit} 行：请分成几个文件`,
    en: ({ limit }) => `over ${limit} rows: make several files of it`,
  },
  empty_list: { zh: () => '文件里没有内容', en: () => 'the file has nothing in it' },
  no_list_open: { zh: () => '还没有打开词表：请先选择文件', en: () => 'no word list is open: choose a file first' },
  no_column_of_words: { zh: () => '请指明哪一列是词', en: () => 'say which column has the words' },
  no_word_in_list: {
    zh: () => '这一列里没有可用的词：请换一列',
    en: () => 'this column has no word that can be used: choose another',
  },
} as const satisfies RemarkTable
