/**
 * What can go wrong outside of checks: with the disk, the data, the vault, a request. Every problem has a code and a sentence
 * that says what happened, what it means for the batch, and what to do.
 */
const texts = {
  bad_request: {
    zh: '请求的格式不对，没有执行。请重新启动预审台再试；如反复出现，请把详情反馈给我们。',
    en: 'The request does not have the right form; nothing was done. Restart Prescreen and try again; if it keeps happening, report the details.',
  },
  bad_sender: {
    zh: '请求来自不受信任的页面，已拒绝。请重新启动预审台。',
    en: 'The request came from a page that is not trusted and was refused. Restart Prescreen.',
  },
  not_found: {
    zh: '找不到所指的内容，可能已被删除。请返回列表重新选择。',
    en: 'What this refers to cannot be found; it may have been removed. Go back to the list and choose again.',
  },
  conflict: {
    zh: '现在不能这样做。请看详情中的原因，或稍后再试。',
    en: 'This cannot be done at the moment. See the details for why, or try again later.',
  },
  disk_full: {
    zh: '磁盘已满，已暂停，已有结果都在。请清理空间后继续。',
    en: 'The disk is full. Work is paused and all results so far are kept. Free some space, then resume.',
  },
  not_writable: {
    zh: '数据文件夹不可写。请检查权限，或用 --data-dir 另选一个。',
    en: 'The data folder cannot be written to. Check its permissions, or choose another with --data-dir.',
  },
  database_corrupt: {
    zh: '数据库文件损坏，未作任何改动。请从备份恢复，或移走该文件后重新开始。',
    en: 'The database file is damaged and was left as it is. Restore it from a backup, or move it away to start afresh.',
  },
  database_newer: {
    zh: '数据库由更新版本的预审台创建，未作任何改动。请升级程序。',
    en: 'The database was made by a newer Prescreen and was left as it is. Update the program.',
  },
  ledger_key_damaged: {
    zh: '账本的签名密钥文件损坏，未作任何改动；在此之前不会签名，也不能导出。请从备份恢复，或移走该文件：届时会生成新密钥，并记入账本。',
    en: "The file with the ledger's signing key is damaged and was left as it is; until it is mended nothing is signed or exported. Restore it from a backup, or move it away: then a new key is made, and the ledger says so.",
  },
  database_busy: {
    zh: '另一个程序长时间占用数据库。请关闭那个程序，或稍后重试。',
    en: 'Another program has kept the database busy for too long. Close it, or try again shortly.',
  },
  database_open_elsewhere: {
    zh: '数据库要升级到新版本的格式，但另一个程序（例如旧版本的预审台）正打开着它，因此未作任何改动。请关闭那个程序后重新启动。',
    en: 'The database has to be upgraded to the format of this version, but another program (an older Prescreen, for example) has it open; nothing was changed. Quit that program, then start again.',
  },
  no_room_for_copy: {
    zh: '数据库要升级到新版本的格式，之前要留一份副本，而磁盘空间不够，因此未作任何改动。请清理空间后重新启动。',
    en: 'The database has to be upgraded to the format of this version, and a copy is kept first. The disk has no room for that, and nothing was changed. Free some space, then start again.',
  },
  database_step_failed: {
    zh: '数据库升级到新版本的格式后没有通过核对，已全部撤回，文件与之前相同。请先继续使用旧版本，并把详情反馈给我们。',
    en: 'The database did not pass the checks after it was upgraded to the format of this version. All of it was taken back, and the file is as it was. Go on with the older version, and report the details.',
  },
  database_brought_up: {
    zh: '数据库已升级到新版本的格式，之前的副本留在下面的位置。要用旧版本打开：退出程序，移走 prescreen.sqlite（以及旁边的 -wal 和 -shm 文件），再把副本改名为 prescreen.sqlite。',
    en: 'The database was upgraded to the format of this version; a copy of it as it was is kept. To open it with an older version: quit, move prescreen.sqlite away (and the -wal and -shm files beside it), then rename the copy to prescreen.sqlite.',
  },
  pacer_rebuilt: {
    zh: '调用计数文件损坏，已重建：先等待约两分钟，今日计数从零开始（以平台的额度为准）。无需处理。',
    en: "The file that counts calls was damaged and was made anew: calls wait about two minutes, and today's count starts at zero (the platform's own count still holds). There is nothing to do.",
  },
  settings_corrupt: {
    zh: '设置文件损坏，已另存备份并恢复默认设置。请重新填写档案。',
    en: 'The settings file was damaged. It was kept as a backup and the defaults are in use. Enter your profiles again.',
  },
  book_damaged: {
    zh: '一本规则书启用的副本已损坏或被改动，在此之前不按规则检查，批次也不会开始。请在规则页重新启用，或停用它。',
    en: 'The copy in force of a rule book is damaged or was changed. Until it is mended nothing is checked by rules, and no batch with rules begins. Put the book in force again on the rules page, or withdraw it.',
  },
  vault_unavailable: {
    zh: '系统钥匙串不可用，读不出密钥，因此没有送检。请解锁钥匙串，或在档案里重新输入。',
    en: 'The system keychain is not available, so the secret cannot be read and nothing was screened. Unlock it, or enter the secret again in the profile.',
  },
  vault_weak: {
    zh: '这台电脑没有钥匙串，密钥只能以弱保护保存。请在设置中确认，或改用环境变量。',
    en: 'This computer has no keychain; a secret would be stored with weak protection only. Confirm in the settings, or use an environment variable.',
  },
  file_in_use: {
    zh: '目标文件正被其他程序使用（例如 Excel）。请关闭后重试。',
    en: 'The target file is in use by another program (Excel, for example). Close it there and try again.',
  },
  write_failed: {
    zh: '写不了目标文件，没有留下残缺文件。请检查权限和磁盘空间，或换一个位置。',
    en: 'The target file cannot be written; no partial file was left. Check its permissions and the space on the disk, or choose another place.',
  },
  link_not_opened: {
    zh: '系统没有打开浏览器。请复制地址，在浏览器里打开。',
    en: 'The system did not open a browser. Copy the address and open it in one.',
  },
  cancelled: { zh: '已取消。', en: 'Cancelled.' },
  usage: {
    zh: '用法不对。请按详情改正，或用 --help 查看用法。',
    en: 'This was not used correctly. Correct it as the details say, or see --help.',
  },
  internal: { zh: '程序内部错误。请把详情反馈给我们。', en: 'An internal error. Please report the details.' },
} as const

export type ProblemCode = keyof typeof texts

/** Thrown inside the engine, returned as a value across every boundary. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: string
  constructor(code: ProblemCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options)
    this.name = 'Problem'
    this.code = code
    this.detail = detail
  }
}

export function problemText(code: ProblemCode, language: 'zh' | 'en'): string {
  return texts[code][language]
}

/** Words of the moment that no table can hold, in both languages. */
export type Said = Readonly<Record<'zh' | 'en', string>>

/** A mistake in how something was called or set up: what is wrong, and what mends it. */
export class UsageProblem extends Problem {
  readonly said: Said
  constructor(said: Said, options?: ErrorOptions) {
    super('usage', said.en, options)
    this.said = said
  }
}

export function usage(zh: string, en: string, options?: ErrorOptions): UsageProblem {
  return new UsageProblem({ zh, en }, options)
}
