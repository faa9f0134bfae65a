import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import type { Found, IntakeLimits, ListedAt, Source } from '../formats/source.ts'
import type { Cell, HeldPieces } from '../formats/tables/table.ts'
import { parseUrl } from './download.ts'
import { type FileSource, found, sheetOf, shownPathOf } from './found.ts'

/** Where the cells of a list come from. */
interface List {
  readonly root: string
  /** The list's own, relative to the argument. */
  readonly path: string
  readonly bytes: number | null
  readonly limits: IntakeLimits
}

/** The asset that a cell or line of the list in `source` is, or why there is none. */
export function foundInCell(cell: Cell, source: FileSource, { root, path, bytes, limits }: List): Found {
  const file = shownPathOf(source)
  switch (cell.kind) {
    case 'problem': {
      const place = cell.sheet === null ? path : `${path}#${cell.sheet}`
      return found(root, place, sheetOf(source, cell.sheet), { failure: cell.failure, bytes })
    }
    case 'unwanted':
      return found(root, cell.sheet === null ? path : `${path}#${cell.sheet}`, sheetOf(source, cell.sheet), {
        skipped: 'unwanted',
      })
    case 'beside':
      return besideFound(cell, source, root, cell.sheet === null ? path : `${path}#${cell.sheet}`, limits)
    case 'address': {
      const at = { path: file, sheet: null, row: cell.line, column: null }
      return urlFound(cell.value, at, root, `${path}#${cell.line}`)
    }
    case 'cell': {
      const sheet = cell.sheet === null ? '' : `${cell.sheet}!`
      const column = cell.isPaired === true ? `:${cell.column}` : ''
      return cellFound(cell, source, root, `${path}#${sheet}${cell.row}${column}`, limits)
    }
  }
}

type RowSource = Extract<Source, { kind: 'row' }>

/** What a row's source says of the file that it is in. */
function tableOf(file: FileSource, held: HeldPieces | undefined): Pick<RowSource, 'path' | 'archive' | 'held'> {
  return {
    path: shownPathOf(file),
    ...(file.kind === 'entry' && { archive: file.archive }),
    ...(held !== undefined && { held: { ...held, file } }),
  }
}

function cellFound(
  cell: Extract<Cell, { kind: 'cell' }>,
  file: FileSource,
  root: string,
  path: string,
  limits: IntakeLimits,
): Found {
  const { sheet, row, column, encoding, value, omitted, notes } = cell
  const table = tableOf(file, cell.held)
  const source = {
    kind: 'row' as const,
    ...table,
    sheet,
    row,
    column,
    encoding,
    text: value,
    ...(omitted.length > 0 && { omitted }),
    ...(notes.length > 0 && { notes }),
  }
  if (cell.isValueless) {
    const failure = inputFailure('empty', [remark('unstored_value', { name: column }), ...omitted])
    return found(root, path, { ...source, text: '' }, { failure, bytes: 0 })
  }
  if (cell.holds === 'url' && cell.held === undefined) {
    // What may be a part of an address, or of two, leads elsewhere.
    const doubts = [...omitted, ...notes]
    if (doubts.length > 0) return found(root, path, source, { failure: inputFailure('left_out', doubts) })
    return urlFound(value.trim(), { path: table.path, sheet, row, column }, root, path)
  }
  return textFound(source, root, path, limits)
}

/** What a sheet shows beside its rows as an asset of its own. */
function besideFound(
  { sheet, text, omitted, held }: Extract<Cell, { kind: 'beside' }>,
  file: FileSource,
  root: string,
  path: string,
  limits: IntakeLimits,
): Found {
  const place = { sheet, row: 0, column: '', encoding: null }
  return textFound(
    { kind: 'row', ...tableOf(file, held), ...place, text, ...(omitted.length > 0 && { omitted }) },
    root,
    path,
    limits,
  )
}

function textFound(source: RowSource, root: string, path: string, limits: IntakeLimits): Found {
  const { text, omitted = [], column, held } = source
  const bytes = Buffer.byteLength(text)
  if (text.trim() === '' && held === undefined) {
    const why = omitted.length > 0 ? omitted : [remark('blank_cell', { name: column })]
    const failure = inputFailure(omitted.length > 0 ? 'left_out' : 'empty', why)
    return found(root, path, source, { failure, bytes })
  }
  if (bytes > limits.textBytes) {
    // The cell would have to be stored to say no more than this.
    const failure = inputFailure('too_large', [remark('cell_limit', { count: bytes, limit: limits.textBytes })])
    return found(root, path, { ...source, text: '' }, { failure, bytes })
  }
  return found(root, path, source, { kind: held === undefined ? 'text' : 'document', bytes })
}

function urlFound(address: string, at: ListedAt, root: string, path: string): Found {
  const source: Source = { kind: 'url', url: address, at }
  if (address === '') return found(root, path, source, { failure: inputFailure('empty', [remark('blank_address')]) })
  const url = parseUrl(address)
  return 'kind' in url ? found(root, path, source, { failure: url }) : found(root, path, source, { kind: 'image' })
}
