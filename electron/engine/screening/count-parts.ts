import { type CallCause, type CallsByCause, noCalls } from '../../../shared/call-causes.ts'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { Imaging } from '../imaging/imaging.ts'
import { type Content, type Cut, makeParts, missingOf, type PicturePiece, type UnsentPart } from './content.ts'

/** How many parts of each kind an asset comes to, and what for. */
export type PartCounts = Readonly<Record<UnsentPart['kind'], number>> & { readonly causes: CallsByCause }

export const sumOfParts = ({ text, image, media }: PartCounts): number => text + image + media

/**
 * How many parts a batch would send, which decodes no picture: for animations only bounds are known before, and the larger one is named.
 * `failure` says why the asset cannot pass.
 */
export async function countParts(
  imaging: Imaging,
  content: Content,
  cut: Cut,
  options: ScreenOptions,
  signal: AbortSignal,
): Promise<{ readonly counts: PartCounts; readonly failure: Pick<Failure, 'code' | 'detail'> | null }> {
  const causes = { ...noCalls }
  const counts = { text: 0, image: 0, media: 0, causes }
  /** What the picture is whose turn it is. */
  let cause: CallCause = 'images'
  const looksOnly: Imaging = {
    ...imaging,
    prepare: async (input, prepareOptions, _receive, stop) => {
      const facts = await imaging.inspect(input, prepareOptions, stop)
      if (facts.kind === 'failure') return facts
      counts.image += facts.calls.atMost
      causes[cause] += 1
      causes.tiles += facts.calls.atMost - 1
      return { kind: 'prepared', facts, parts: facts.calls.atMost }
    },
  }
  const receive = async (part: UnsentPart) => {
    counts[part.kind] += 1
    if (part.kind !== 'image') causes[part.kind === 'text' ? 'words' : 'sound'] += 1
  }
  // A page that goes in one call whatever is on it is not drawn to be counted.
  const isOne = ({ name, isReadableWhole }: PicturePiece) => name !== '' && isReadableWhole && cut.imageMode === 'auto'
  for (const picture of cut.image === null ? [] : content.pictures.filter(isOne)) {
    counts.image += 1
    causes[causeOf(picture)] += 1
  }
  // How many frames differ is known when all are decoded.
  const frames = cut.image === null ? 0 : content.films.reduce((sum, film) => sum + film.maxFrames, 0)
  counts.image += frames
  causes.frames += frames
  const pictures = content.pictures
    .filter(picture => !isOne(picture))
    .map(picture => ({
      ...picture,
      load: (stop: AbortSignal) => {
        cause = causeOf(picture)
        return picture.load(stop)
      },
    }))
  const made = await makeParts(looksOnly, { ...content, pictures, films: [] }, cut, options, receive, signal)
  return { counts, failure: missingOf(content, made, options) }
}

function causeOf({ name }: PicturePiece): CallCause {
  if (name === '') return 'images'
  return name.startsWith('page ') ? 'pages' : 'pictures'
}
