import type { Command } from 'commander'
import { z } from 'zod'
import { decisions, outcomes } from '../../../shared/domain.ts'
import { type ParsedInput, reportPictures } from '../../../shared/ipc.ts'
import { usage } from '../../../shared/problems.ts'
import type { HeadlessEngine } from '../../engine/app/api.ts'
import { ruleName } from '../../engine/reports/by-rule.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { wholeNumber } from '../profile.ts'
import { checkReports, standardOutput } from '../reports.ts'
import { exportTo, requireBatch } from '../run-batch.ts'
import { printable } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const exportSchema = z.object({
  csv: z.string().optional(),
  xlsx: z.string().optional(),
  html: z.string().optional(),
  jsonl: z.string().optional(),
  pictures: z.enum(reportPictures).optional(),
  dataDir: z.string().optional(),
  quiet: z.boolean().default(false),
  from: z.string().optional(),
  to: z.string().optional(),
  profile: z.string().optional(),
  verdict: z.array(z.enum(outcomes)).default([]),
  decision: z.enum([...decisions, 'undecided']).optional(),
  label: wholeNumber(0).optional(),
  search: z.string().trim().min(1).max(200).optional(),
  rule: z.string().optional(),
})
type ExportFlags = z.infer<typeof exportSchema>
type Scope = ParsedInput<'reports.export'>['scope']

/** What chooses among the results of all batches; it has no meaning for one. */
const historyFlags = ['from', 'to', 'profile', 'verdict', 'decision', 'label', 'search'] as const

/** Reports of one batch, or without one of whatever the flags find in all of them. */
export async function exportReports(
  context: CommandContext,
  batch: string | undefined,
  command: Command,
): Promise<number> {
  const flags = parseFlags(exportSchema, command)
  const wanted = (['csv', 'xlsx', 'html', 'jsonl'] as const).flatMap(format => {
    const file = flags[format]
    return file === undefined ? [] : [{ format, file }]
  })
  if (wanted.length === 0)
    throw usage(
      'export 需要 --csv、--xlsx、--html 或 --jsonl 加文件名',
      'export needs --csv FILE, --xlsx FILE, --html FILE or --jsonl FILE',
    )
  if (flags.jsonl === standardOutput) {
    throw usage('export --jsonl 要填文件名', 'export --jsonl takes the name of a file')
  }
  refuseMixture(batch, flags)
  await checkReports(flags, [], flags.dataDir)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const scope: Scope =
      batch === undefined ? await acrossHistory(engine, flags) : await ofBatch(engine, batch, flags.rule)
    const { quiet, pictures } = flags
    for (const { format, file } of wanted) await exportTo(context, engine, { scope, format, file, quiet, pictures })
    return 0
  } finally {
    await engine.close()
  }
}

async function ofBatch(engine: HeadlessEngine, text: string, rule: string | undefined): Promise<Scope> {
  const batch = await requireBatch(engine, text)
  if (rule === undefined) return { of: 'batch', batch }
  const found = await engine.store.reader.rulesOf(batch)
  const wanted = found.find(each => ruleName(each.text) === rule)
  if (wanted === undefined) {
    const known = found.map(each => ruleName(each.text)).join(', ') || '–'
    throw usage(
      `批次里没有命中规则 ${printable(rule)}；命中的有：${printable(known)}`,
      `the rule ${printable(rule)} was not found in this batch; these were: ${printable(known)}`,
    )
  }
  const { book, rule: id } = wanted.text
  const assets = [...(await engine.store.reader.assetsOfRule(batch, book, id))]
  return { of: 'assets', batch, assets, filter: rule }
}

function refuseMixture(batch: string | undefined, flags: ExportFlags): void {
  if (batch === undefined) {
    if (flags.rule !== undefined) throw usage('--rule 只用于一个批次的报告', '--rule goes with a BATCH only')
    if (flags.from === undefined || flags.to === undefined)
      throw usage(
        'export 需要批次，或用 --from 日期 --to 日期 导出这段时间的全部批次',
        'export needs a BATCH, or --from DATE --to DATE for all batches of that time',
      )
    if (dayOf('--from', flags.from, 0) > dayOf('--to', flags.to, 0))
      throw usage(`--from ${flags.from} 晚于 --to ${flags.to}`, `--from ${flags.from} is after --to ${flags.to}`)
    return
  }
  const given = historyFlags.filter(name => (name === 'verdict' ? flags.verdict.length > 0 : flags[name] !== undefined))
  if (given.length > 0) {
    const names = given.map(name => `--${name}`).join(', ')
    throw usage(`${names}：只用于不指定批次的报告`, `${names}: only without a BATCH, for a report across all batches`)
  }
}

async function acrossHistory(engine: HeadlessEngine, flags: ExportFlags): Promise<Scope> {
  return {
    of: 'history',
    fromMs: dayOf('--from', flags.from ?? '', 0),
    toMs: dayOf('--to', flags.to ?? '', 1) - 1,
    profile: flags.profile === undefined ? null : await profileIdOf(engine, flags.profile),
    // Records call both unchecked.
    outcomes: [
      ...new Set(
        flags.verdict.flatMap(each => (each === 'unchecked' ? (['unchecked', 'rules_only'] as const) : [each])),
      ),
    ],
    decision: flags.decision ?? null,
    label: flags.label ?? null,
    query: flags.search ?? null,
  }
}

/** The beginning of a local day, or of the one `daysLater` days later. */
function dayOf(flag: string, text: string, daysLater: number): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || year < 1971)
    throw usage(
      `${flag} 要填 2026-11-21 这样的日期，不能是 "${text}"`,
      `${flag} takes a day like 2026-11-21, not "${text}"`,
    )
  const date = new Date(year, month - 1, day)
  if (date.getMonth() !== month - 1 || date.getDate() !== day)
    throw usage(`${flag} ${text}：没有这一天`, `${flag} ${text}: there is no such day`)
  return new Date(year, month - 1, day + daysLater).getTime()
}

/** The id of a stored profile, or of a deleted one that some batch was screened with. */
async function profileIdOf(engine: HeadlessEngine, name: string): Promise<string> {
  const stored = engine.profileBook.get(name)
  if (stored !== null) return stored.id
  const used = new Map(
    (await engine.batches.list()).flatMap(batch => batch.profiles.map(each => [each.id, each.name] as const)),
  )
  if (used.has(name)) return name
  const ids = [...used].filter(([, known]) => known === name).map(([id]) => id)
  const [id] = ids
  if (id !== undefined && ids.length === 1) return id
  if (ids.length > 1)
    throw usage(
      `有几个档案都叫 "${name}"，请用编号指定：${ids.join(', ')}`,
      `several profiles were named "${name}"; name one by its id: ${ids.join(', ')}`,
    )
  const known = [...new Set(used.values())].map(each => `"${each}"`)
  throw usage(
    `没有批次用过档案 "${name}"；用过的有：${known.join(', ')}`,
    `no batch was screened with a profile "${name}"; there are: ${known.join(', ')}`,
  )
}
