/** What the engine and its imaging child say to each other. The child decodes hostile files: its words are parsed like anyone's. */

import { z } from 'zod'
import { imageModes } from '../../../shared/domain.ts'
import { isFailureCode } from '../../../shared/failures.ts'
import { limits } from '../../../shared/limits.ts'
import { remarksSchema } from '../../../shared/remarks/schema.ts'
import { imageFormats } from './image-format.ts'

const count = z.int().min(0)
const bytesSchema = z.custom<Uint8Array>(value => value instanceof Uint8Array)

/** A file on disk, or bytes that were downloaded or pasted. `sha256` in hex makes sure that what is sent is what was hashed. */
const fileSchema = z.union([
  z.strictObject({ path: z.string(), sha256: z.string().optional() }),
  z.strictObject({ bytes: bytesSchema }),
])
export type ImageInput = z.infer<typeof fileSchema>

const prepareOptionsSchema = z.strictObject({ mode: z.enum(['auto', ...imageModes]), maxTiles: z.int().min(1) })

const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('inspect'), options: prepareOptionsSchema }),
  /** `skip` parts were received from a child that died since. */
  z.strictObject({ kind: z.literal('prepare'), options: prepareOptionsSchema, skip: z.int().min(0) }),
  z.strictObject({
    kind: z.literal('thumbnail'),
    options: z.strictObject({
      sizePx: z.int().min(1).max(4096),
      blur: z.enum(['off', 'light', 'strong']),
      grey: z.boolean(),
      /** 0-based; the first when it is not named. */
      frame: count.optional(),
      region: z
        .tuple([count, count, count.min(1), count.min(1)])
        .readonly()
        .optional(),
      as: z.literal('png').optional(),
    }),
  }),
  /** What it looks like, to find others that do; see likeness.ts. */
  z.strictObject({ kind: z.literal('likeness') }),
])
export type Task = z.infer<typeof taskSchema>

export const toChildSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('job'),
    file: fileSchema,
    task: taskSchema,
    maxBytes: z.number(),
    maxPixels: z.number(),
    memoryMb: z.number(),
  }),
  /** The part was taken: send the next. */
  z.strictObject({ kind: z.literal('next') }),
])
export type ToChild = z.infer<typeof toChildSchema>

const factsSchema = z.strictObject({
  kind: z.literal('facts'),
  format: z.enum(imageFormats.map(({ name }) => name)),
  width: z.int().min(1),
  height: z.int().min(1),
  frames: z.int().min(1),
  calls: z.strictObject({ atLeast: count, atMost: count }),
  /** What a viewer shows of it and no rendition does, so that it cannot pass. */
  leftOut: remarksSchema,
  /** What no common viewer shows of it. */
  notes: remarksSchema,
})
/** What the headers tell: upright size, frames (or pages), and the calls that preparing it would lead to. */
export type ImageFacts = Readonly<z.infer<typeof factsSchema>>

const partSchema = z.strictObject({
  kind: z.literal('image'),
  name: z.string().max(100),
  rect: z.tuple([count, count, count, count]).readonly(),
  frame: count.nullable(),
  range: z.null(),
  line: z.null(),
  column: z.null(),
  bytes: bytesSchema.refine(bytes => bytes.byteLength > 0 && bytes.byteLength <= limits.imageMaxBytes),
  mime: z.enum(['image/jpeg', 'image/png', 'image/gif']),
  width: z.int().min(1).max(limits.imageMaxWidth),
  height: z.int().min(1).max(limits.imageMaxHeight),
  transform: z.string().max(200),
})

/** An image part as it crosses; every `Rendition` is an `ImagePart`. */
export type Rendition = Readonly<z.infer<typeof partSchema>>

export const fromChildSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('part'), part: partSchema }),
  z.strictObject({ kind: z.literal('inspected'), facts: factsSchema }),
  z.strictObject({ kind: z.literal('prepared'), facts: factsSchema, parts: z.int().min(1) }),
  z.strictObject({ kind: z.literal('thumbnail'), bytes: bytesSchema }),
  z.strictObject({ kind: z.literal('likeness'), bits: bytesSchema.refine(bits => bits.byteLength === 8).nullable() }),
  z.strictObject({ kind: z.literal('refused'), code: z.string().refine(isFailureCode), detail: z.string() }),
  /** The child holds more than it may, and asks to be ended: a decoder at work cannot be stopped otherwise. */
  z.strictObject({ kind: z.literal('over-memory'), residentMb: z.number() }),
])
export type FromChild = z.infer<typeof fromChildSchema>
