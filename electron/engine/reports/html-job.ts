import type { AssetPieces } from '../../../shared/pieces.ts'
import type { AssetRow, CheckView } from '../../../shared/screening.ts'
import type { Export, PictureOptions } from './export-report.ts'
import type { HtmlItem, HtmlPicture, HtmlReport, HtmlSection } from './html.ts'
import { type ContactCell, mostContacts, type UncheckedReason } from './html-cover.ts'
import { picturedIn, pictureParts } from './picture-parts.ts'
import type { Survey } from './selection.ts'
import { readSpans } from './spans.ts'
import { thumbnailOf } from './thumbnails.ts'

/** What one HTML file embeds at most: beyond that no browser opens it with pleasure. */
const mostPictureBytes = 48_000_000
/** Flagged parts of one asset that are shown beside its thumbnail, or in its place. */
const mostParts = 3

/** What an HTML report is made of; its pictures and texts are fetched as it is written. */
export async function htmlOf(job: Export): Promise<HtmlReport> {
  const { services, snapshot, selection, language, pictures, exportedAt, reasons, ledger, onProgress } = job
  const { lists, ...counts } = await selection.survey()
  const rules = await selection.rules()
  const isRuled = selection.subject.isRuled || rules.length > 0

  let pictureBytes = 0
  let shown = 0
  const pictureOf = async (
    asset: number,
    place: Pick<PictureOptions, 'frame' | 'region' | 'piece'> = {},
  ): Promise<HtmlPicture | 'missing' | 'full' | null> => {
    if (pictures === 'none') return null
    if (pictureBytes >= mostPictureBytes) return 'full'
    const picture = await thumbnailOf(services, asset, pictures, place)
    if (picture === null) return 'missing'
    pictureBytes += picture.bytes.byteLength
    return picture
  }
  /** The flagged parts that a thumbnail does not show, and the thumbnail where it shows any, or where there are none. */
  const picturesOf = async (
    row: AssetRow,
    checks: readonly CheckView[],
    pieces: AssetPieces | null,
  ): Promise<Pick<HtmlItem, 'picture' | 'parts'>> => {
    const pictured = picturedIn(row, checks, pieces)
    if (pictured === null) return { picture: null, parts: [] }
    const { piece } = pictured
    const { seen, hidden } = pictureParts(pictured, pictured.checks)
    const parts: HtmlItem['parts'][number][] = []
    for (const part of hidden.slice(0, mostParts)) {
      const picture = await pictureOf(row.id, { frame: part.frame, region: part.rect, piece })
      if (picture !== null && typeof picture !== 'string') parts.push({ part, picture })
    }
    const picture = seen.length === 0 && parts.length > 0 ? null : await pictureOf(row.id, { piece })
    return { picture, parts }
  }
  const itemOf = async (asset: number, section: HtmlSection['of']): Promise<HtmlItem | null> => {
    const [row] = await snapshot.assetRows([asset])
    const record = await snapshot.asset(asset)
    if (row === undefined || record === null) return null
    const isCard = section !== 'noted' && section !== 'disagreement'
    const isFlagged = section === 'risky' || section === 'review'
    const checks = await snapshot.checks(asset)
    const pieces = await snapshot.pieces(asset)
    const isWords = row.kind === 'text' || (row.kind === 'document' && row.document?.picture == null)
    return {
      row,
      sha256: record.sha256,
      batch: selection.batchOf(record.batch),
      pieces,
      checks,
      history: await snapshot.reviews(asset),
      ruled: await snapshot.ruled(asset),
      ...(isCard ? await picturesOf(row, checks, pieces) : { picture: null, parts: [] }),
      text: isFlagged && isWords ? await services.textOf(asset) : null,
      spans: isFlagged && isWords ? await readSpans(snapshot, asset) : [],
    }
  }
  async function* items(of: HtmlSection['of'], ids: readonly number[]) {
    // Some are made ahead, so that the imaging child is busy while the text is written.
    const ahead = ids.slice(0, aheadItems).map(id => itemOf(id, of))
    for (let next = aheadItems; ahead.length > 0; next += 1) {
      const item = await ahead.shift()
      const id = ids[next]
      if (id !== undefined) ahead.push(itemOf(id, of))
      if (item !== null && item !== undefined) yield item
      shown += 1
      if (shown % 50 === 0) onProgress(shown, selection.total)
    }
  }
  const sections = (['risky', 'review', 'unchecked', 'noted', 'disagreement'] as const).map(of => ({
    of,
    total: lists[of].total,
    items: items(of, lists[of].ids),
  }))
  const contacts = await contactsOf(job, lists, (asset, piece) => pictureOf(asset, { piece }))
  return {
    contacts,
    unchecked: await reasonsOf(job, lists.unchecked.ids),
    language,
    subject: selection.subject,
    filter: selection.filter,
    counts,
    reasons,
    isBlurred: pictures === 'blurred',
    exportedAt,
    ledger,
    sections,
    rules: isRuled ? { rules, today: exportedAt.slice(0, 10) } : null,
  }
}

const aheadItems = 4

type Lists = Survey['lists']

/** The first of the cards, whose numbers follow their order. */
async function contactsOf(
  { snapshot }: Export,
  lists: Lists,
  pictureOf: (asset: number, piece: string | undefined) => Promise<HtmlItem['picture']>,
): Promise<readonly ContactCell[]> {
  const first = (['risky', 'review', 'unchecked'] as const)
    .flatMap(outcome => lists[outcome].ids.slice(0, mostContacts).map(asset => ({ asset, outcome })))
    .slice(0, mostContacts)
  const rows = new Map((await snapshot.assetRows(first.map(({ asset }) => asset))).map(row => [row.id, row]))
  const cells: ContactCell[] = []
  // The number is that of the card, and a card is there for each of an outcome's list.
  for (const { asset, outcome } of first) {
    const row = rows.get(asset)
    if (row === undefined) continue
    const pictured = picturedIn(row, [], null)
    const picture = pictured === null ? null : await pictureOf(asset, pictured.piece)
    cells.push({ number: cells.length + 1, outcome, row, picture: typeof picture === 'string' ? null : picture })
  }
  return cells
}

const rowsAtOnce = 500

async function reasonsOf({ snapshot }: Export, ids: readonly number[]): Promise<readonly UncheckedReason[]> {
  const found = new Map<string, number>()
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    for (const row of await snapshot.assetRows(ids.slice(from, from + rowsAtOnce))) {
      const reason = reasonOf(row)
      found.set(reason, (found.get(reason) ?? 0) + 1)
    }
  }
  return [...found].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count)
}

/** As the tables settle what is still open. */
function reasonOf({ results }: AssetRow): string {
  if (results.some(({ state }) => state === 'queued')) return 'interrupted'
  if (results.some(({ state }) => state === 'awaiting')) return 'push_overdue'
  return results.find(({ outcome, reason }) => outcome === 'unchecked' && reason !== null)?.reason ?? 'interrupted'
}
