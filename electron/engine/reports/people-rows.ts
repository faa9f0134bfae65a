import type { AssetRow } from '../../../shared/screening.ts'
import { isoTime } from './cells.ts'
import type { Export } from './export-report.ts'
import { type PeopleAsset, peopleColumns } from './people-sheet.ts'
import { picturedIn } from './picture-parts.ts'
import type { Survey } from './selection.ts'
import { readSpans } from './spans.ts'
import { workbookPicture } from './thumbnails.ts'
import { outcomeNames, reportWords } from './words.ts'
import type { PeopleSheet } from './xlsx.ts'

/** Rows of the sheet for people: nobody scrolls further, and the raw columns have all. */
const mostPeopleRows = 100_000
/** Pictures of one workbook: more would make it slow to open. They are kept until the sheet is written. */
const mostWorkbookPictures = 1_000
/** Texts that are read again, for their marks; of the others the beginning is known. */
const mostTexts = 10_000
/** Assets that are read at once, and rows that are made ahead. */
const assetsOfPage = 200
const aheadRows = 4

/** The sheet for people; its rows are made as they are written. */
export function peopleSheet(job: Export, survey: Survey, onRow: () => void): PeopleSheet {
  const { selection, language } = job
  const words = reportWords[language]
  const { subject } = selection
  const practice = { none: '', some: ` · ${words.somePractice}`, all: ` · ${words.practice}` }[subject.practice]
  return {
    name: words.people.sheet,
    title: `${words.title} · ${subject.name}${practice}`,
    counts: countWords(job, survey),
    unchecked: uncheckedOf(survey) === 0 ? words.noneUnchecked : words.someUnchecked(uncheckedOf(survey)),
    hasUnchecked: uncheckedOf(survey) > 0,
    remark: remarkOf(job, survey),
    language,
    columns: peopleColumns.filter(column => column.isAcross !== true || subject.batch === null),
    rows: () => rowsOf(job, survey, onRow),
  }
}

const uncheckedOf = ({ outcomes }: Survey) => outcomes.unchecked + outcomes.pending + outcomes.awaiting

function countWords({ language, selection }: Export, survey: Survey): string {
  const names = outcomeNames[language]
  const { outcomes } = survey
  const isRuled = selection.subject.isRuled || outcomes.rules_only > 0
  return [
    `${names.risky} ${outcomes.risky}`,
    `${names.review} ${outcomes.review}`,
    `${names.unchecked} ${uncheckedOf(survey)}`,
    ...(isRuled ? [`${names.rules_only} ${outcomes.rules_only}`] : []),
    `${names.pass} ${outcomes.pass}`,
  ].join('   ')
}

function remarkOf({ language, pictures, exportedAt, selection }: Export, survey: Survey): string {
  const words = reportWords[language]
  const { outcomes } = survey
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  const offset = isoTime(Date.parse(exportedAt))?.slice(19) ?? ''
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  const isBounded = pictures !== 'none' && outcomes.risky + outcomes.review > mostWorkbookPictures
  return [
    `${words.profiles}: ${selection.subject.profiles.map(({ name }) => name).join(', ')}`,
    `${words.filter}: ${selection.filter ?? words.wholeBatch}`,
    `${words.exported}: ${exportedAt.slice(0, 16).replace('T', ' ')}`,
    words.timesIn(`${timeZone} (UTC${offset})`),
    ...(pictures === 'blurred' ? [words.picturesBlurred] : []),
    ...(isBounded ? [words.picturesLimited(mostWorkbookPictures)] : []),
    ...(total > mostPeopleRows ? [words.rowsLimited(mostPeopleRows)] : []),
    words.rawSheet,
  ].join(' · ')
}

async function* rowsOf(job: Export, survey: Survey, onRow: () => void): AsyncGenerator<PeopleAsset> {
  const left = { pictures: mostWorkbookPictures, texts: mostTexts }
  const ahead: Promise<PeopleAsset | null>[] = []
  for await (const { row, outcome } of pagesOf(job, survey)) {
    ahead.push(assetOf(job, row, outcome, left))
    if (ahead.length <= aheadRows) continue
    const made = await ahead.shift()
    onRow()
    if (made) yield made
  }
  for (const waiting of ahead) {
    const made = await waiting
    onRow()
    if (made !== null) yield made
  }
}

type Listed = Pick<PeopleAsset, 'row' | 'outcome'>

/** The rows of assets, a page at a time, with a breath after each. */
async function* pagesOf({ snapshot }: Export, survey: Survey): AsyncGenerator<Listed> {
  let page: { readonly asset: number; readonly outcome: Listed['outcome'] }[] = []
  async function* read() {
    const rows = new Map((await snapshot.assetRows(page.map(({ asset }) => asset))).map(row => [row.id, row]))
    for (const { asset, outcome } of page) {
      const row = rows.get(asset)
      if (row !== undefined) yield { row, outcome }
    }
    page = []
    await new Promise(resolve => setImmediate(resolve))
  }
  let count = 0
  for (const each of survey.byRisk()) {
    if (count === mostPeopleRows) break
    count += 1
    page.push(each)
    if (page.length === assetsOfPage) yield* read()
  }
  yield* read()
}

async function assetOf(
  job: Export,
  row: AssetRow,
  outcome: Listed['outcome'],
  left: { pictures: number; texts: number },
): Promise<PeopleAsset | null> {
  const { services, snapshot, selection, language, reasons } = job
  const isFlagged = outcome === 'risky' || outcome === 'review'
  const isHit = row.rules !== null && row.rules !== 'none'
  const isWords = row.kind === 'text' || (row.kind === 'document' && row.document?.picture == null)
  const isRead = isWords && (isFlagged || isHit) && left.texts > 0
  if (isRead) left.texts -= 1
  const picture = pictureOf(job, row, isFlagged, left)
  const record = await snapshot.asset(row.id)
  if (record === null) return null
  const isMarked = isFlagged || isHit
  return {
    row,
    outcome,
    batch: selection.batchOf(record.batch),
    language,
    reasons,
    decided: { reviewer: record.reviewer, at: record.decided_at },
    pieces: isMarked && row.kind !== 'text' ? await snapshot.pieces(row.id) : null,
    checks: isMarked ? await snapshot.checks(row.id) : [],
    // Words that were found fine are named too, and leave no finding behind.
    ruled:
      (row.kind === 'text' || row.kind === 'document') && (isMarked || row.rules !== null)
        ? await snapshot.ruled(row.id)
        : null,
    spans: isRead ? await readSpans(snapshot, row.id) : [],
    text: isRead ? await services.textOf(row.id) : null,
    picture: await picture,
  }
}

async function pictureOf(
  { services, pictures }: Export,
  row: AssetRow,
  isFlagged: boolean,
  left: { pictures: number },
): Promise<PeopleAsset['picture']> {
  const pictured = picturedIn(row, [], null)
  if (pictures === 'none' || !isFlagged || pictured === null) return null
  if (left.pictures === 0) return 'beyond'
  left.pictures -= 1
  return (await workbookPicture(services, row.id, pictures, pictured.piece)) ?? 'missing'
}
