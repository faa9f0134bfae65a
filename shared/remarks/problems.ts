import type { RemarkTable } from './remark.ts'

/** Of what was asked of the program and could not be done; see `shared/problems.ts`. */
export const problemRemarks = {
  nothing_waits: {
    zh: () => '没有素材在等待更多的调用',
    en: () => 'no asset waits for more calls',
  },
  program_ends: { zh: () => '程序正在退出', en: () => 'the program is ending' },
  // Of batches.
  screened_already: { zh: ({ name }) => `${name} 已在检查`, en: ({ name }) => `${name} is being screened already` },
  screened_elsewhere: {
    zh: ({ name, count }) => `${name} 正由另一个程序检查（进程 ${count}）`,
    en: ({ name, count }) => `${name} is being screened by another program (process ${count})`,
  },
  not_screened: { zh: () => '这个批次没有在检查', en: () => 'the batch is not being screened' },
  batch_over: { zh: () => '这个批次已经结束', en: () => 'the batch has ended already' },
  no_older_pass: {
    zh: ({ name }) => `${name} 里没有旧版读法留下的“未命中”`,
    en: ({ name }) => `${name}: no pass of an earlier reading`,
  },
  // Of a hit that is looked for.
  text_gone: { zh: () => '原文已不在，或已改动', en: () => 'the text is no longer there, or it has changed' },
  asked_otherwise: {
    zh: ({ name }) => `这个档案现在不会用 ${name} 检查`,
    en: ({ name }) => `${name} is not what this profile would ask now`,
  },
  nothing_flagged: { zh: () => '这个素材没有命中', en: () => 'nothing in this asset was flagged' },
  search_running: { zh: () => '正在查找另一处命中', en: () => 'another span is being looked for' },
  // Of reports and files.
  check_of_asset: {
    zh: ({ count, limit }) => `素材 ${limit} 的检查 ${count}`,
    en: ({ count, limit }) => `check ${count} of asset ${limit}`,
  },
  asset_number: { zh: ({ count }) => `素材 ${count}`, en: ({ count }) => `asset ${count}` },
  empty_ledger: { zh: () => '账本是空的', en: () => 'the ledger is empty' },
  export_running: { zh: () => '正在导出另一份报告', en: () => 'another export is running' },
  not_exported: { zh: () => '不是这次运行导出的文件', en: () => 'not a file that was exported in this session' },
  over_4_gb: {
    zh: ({ name }) => `${name} 超过 4 GB：请少导出一些素材，或改用 CSV`,
    en: ({ name }) => `${name}: over 4 GB; export fewer assets, or CSV`,
  },
  no_file_of_its_own: {
    zh: () => '这个素材是粘贴或下载来的，没有文件',
    en: () => 'this asset was pasted or downloaded and has no file',
  },
  file_moved: {
    zh: ({ name }) => `文件已不在原处：${name}`,
    en: ({ name }) => `the file is no longer where it was: ${name}`,
  },
  device_name: {
    zh: ({ name }) => `这个名字指的是设备，不是文件：${name}`,
    en: ({ name }) => `the name means a device and no file: ${name}`,
  },
  relative_path: { zh: () => '路径不是绝对路径', en: () => 'a path is not absolute' },
  // Of profiles and the keychain.
  profile_exists: {
    zh: ({ name }) => `已有名为“${name}”的档案`,
    en: ({ name }) => `a profile named "${name}" exists`,
  },
  broker_without_address: {
    zh: () => '从中控服务取令牌，要填它的地址',
    en: () => 'token mode broker needs the URL of the broker',
  },
  no_such_platform: { zh: ({ name }) => `没有这个平台：${name}`, en: ({ name }) => `there is no platform ${name}` },
  profile_field_wrong: {
    zh: ({ name }) => `这一项缺少或不对：${name}`,
    en: ({ name }) => `missing or not right: ${name}`,
  },
  no_cloud_call: { zh: ({ name }) => `平台没有云调用：${name}`, en: ({ name }) => `${name} has no cloud call` },
  no_vault: {
    zh: () => '这里没有钥匙串：请改填环境变量的名字',
    en: () => 'no vault here: name an environment variable instead',
  },
  command_line_without_vault: {
    zh: () => '命令行不用钥匙串：请用 --secret-env 指定环境变量',
    en: () => 'the command line has no vault; name the variable with --secret-env',
  },
  no_keychain: { zh: () => '这台电脑没有钥匙串', en: () => 'this computer offers no keychain' },
  keychain_failed: { zh: ({ name }) => `钥匙串出错：${name}`, en: ({ name }) => `the keychain failed: ${name}` },
  other_keychain: {
    zh: ({ name }) => `密钥由另一个钥匙串保管：${name}`,
    en: ({ name }) => `kept by another keychain: ${name}`,
  },
  // Of the database.
  no_write_ahead: {
    zh: ({ name }) => `所在磁盘不支持预写日志：${name}`,
    en: ({ name }) => `its disk allows no write-ahead log: ${name}`,
  },
  newer_schema: {
    zh: ({ count, limit }) => `数据库是第 ${count} 版，本程序只认识到第 ${limit} 版`,
    en: ({ count, limit }) => `schema ${count}, this program knows ${limit}`,
  },
  room_needed: {
    zh: ({ limit, count, name }) => `${name} 需要 ${limit} MB，现有 ${count} MB`,
    en: ({ limit, count, name }) => `${name} needs ${limit} MB and has ${count} MB`,
  },
  database_closed: { zh: () => '数据库已关闭', en: () => 'the database is closed' },
} as const satisfies RemarkTable
