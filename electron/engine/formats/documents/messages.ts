/** What the engine and a child that reads documents say to each other. Documents are hostile: the child's words are parsed like anyone's. */

import { z } from 'zod'
import type { Failure } from '../../../../shared/conclusion.ts'
import { isFailureCode } from '../../../../shared/failures.ts'
import { pieceKinds } from '../../../../shared/pieces.ts'
import { remarksSchema } from '../../../../shared/remarks/schema.ts'

const count = z.int().min(0)
const bytesSchema = z.custom<Uint8Array>(value => value instanceof Uint8Array)
/** Names out of files may be as long as their author likes; a reader cuts them before. */
const nameSchema = z.string().max(1000)

export const toChildSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('job'),
    /** Name of a `DocumentFormat`. */
    format: z.string(),
    path: z.string(),
    /** Hexadecimal: what is read is what was hashed. */
    sha256: z.string(),
    task: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('survey') }),
      z.strictObject({ kind: z.literal('workbook') }),
      z.strictObject({ kind: z.literal('load'), handle: z.string() }),
    ]),
    memoryMb: z.number(),
  }),
  z.strictObject({
    kind: z.literal('archive'),
    /** Name of an `ArchiveFormat`. */
    format: z.string(),
    path: z.string(),
    /** What it is to be unpacked to; null where it is listed. */
    targets: z
      .array(z.strictObject({ index: count, to: z.string() }))
      .readonly()
      .nullable(),
    memoryMb: z.number(),
  }),
])
export type ToChild = z.infer<typeof toChildSchema>
export type DocumentJob = Extract<ToChild, { kind: 'job' }>
export type ArchiveJob = Extract<ToChild, { kind: 'archive' }>

const placeSchema = z.strictObject({
  page: count.optional(),
  slide: count.optional(),
  sheet: nameSchema.optional(),
  cell: nameSchema.optional(),
  layer: nameSchema.optional(),
  seconds: z.number().min(0).optional(),
  file: nameSchema.optional(),
})

const pieceSchema = z.strictObject({
  kind: z.enum(pieceKinds),
  name: z.string().regex(/^[a-z]+ \d+(?: [a-z]+ \d+)*$/),
  places: z.array(placeSchema).readonly(),
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('handle'), handle: z.string().max(2000) }),
    z.strictObject({ kind: z.literal('bytes'), bytes: bytesSchema }),
    z.strictObject({ kind: z.literal('file'), path: z.string() }),
    z.strictObject({ kind: z.literal('url'), url: z.string() }),
    z.strictObject({ kind: z.literal('film'), track: count, codec: nameSchema }),
  ]),
  sha256: z.string().optional(),
  isReadableWhole: z.boolean().optional(),
})

const surveySchema = z.strictObject({
  kind: z.literal('extracted'),
  text: z.string(),
  format: z.string(),
  anchors: z
    .array(z.strictObject({ offset: count, line: count, column: count }))
    .readonly()
    .nullable(),
  omitted: remarksSchema,
  notes: remarksSchema,
  sections: z.array(z.strictObject({ start: count, place: placeSchema })).readonly(),
  pieces: z.array(pieceSchema).readonly(),
})

const shownSchema = z.strictObject({
  handle: z.string().max(2000),
  cell: z.strictObject({ row: count, column: count }).nullable(),
})
const besideSchema = { words: z.string(), omitted: remarksSchema, media: z.array(shownSchema).readonly() }
const columnsSchema = z.set(count).readonly().optional()

const sheetSchema = z.strictObject({
  name: nameSchema,
  /** Without rows. */
  isChart: z.boolean(),
  rows: z
    .array(
      z.strictObject({
        row: count,
        cells: z.array(z.string().optional()).readonly(),
        valueless: columnsSchema,
        pictures: columnsSchema,
      }),
    )
    .readonly(),
  /** `A1:B2`. */
  merged: z.array(z.string().max(100)).readonly(),
  ...besideSchema,
})
export type SheetContent = z.infer<typeof sheetSchema>

/** A workbook that a child has read: its sheets, what belongs to none, and its pictures by their handles, which count from 1. */
const workbookSchema = z.strictObject({
  kind: z.literal('workbook'),
  sheets: z.array(sheetSchema).readonly(),
  book: z.strictObject(besideSchema),
  files: z.array(z.strictObject({ kind: z.enum(pieceKinds), sha256: z.string() }).nullable()).readonly(),
})
export type WorkbookContent = z.infer<typeof workbookSchema>
/** Of the material itself: nothing else can come out of a child. */
const refusalSchema: z.ZodType<Failure> = z.strictObject({
  kind: z.literal('failure'),
  class: z.literal('INPUT'),
  code: z.string().refine(isFailureCode),
  detail: z.string(),
  evidence: z.null(),
})

const entrySchema = z.strictObject({
  name: z.string().max(1 << 16),
  sizeBytes: z.number().min(0),
  packedBytes: z.number().min(0).nullable(),
  isFolder: z.boolean(),
  run: count.nullable(),
  refusal: refusalSchema.nullable(),
})

export const fromChildSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('surveyed'), survey: surveySchema }),
  z.strictObject({ kind: z.literal('loaded'), bytes: bytesSchema }),
  workbookSchema,
  z.strictObject({
    kind: z.literal('listed'),
    entries: z.array(entrySchema).readonly(),
    comment: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('unpacked'), results: z.array(refusalSchema.nullable()).readonly() }),
  z.strictObject({ kind: z.literal('refused'), code: z.string().refine(isFailureCode), detail: z.string() }),
  z.strictObject({ kind: z.literal('progress'), done: count, of: count }),
  z.strictObject({ kind: z.literal('over-memory'), residentMb: z.number() }),
])
export type FromChild = z.infer<typeof fromChildSchema>
