import type { PictureOptions, ReportServices } from './export-report.ts'
import type { HtmlPicture } from './html.ts'
import type { WorkbookPicture } from './xlsx.ts'

/** Longest side of an embedded picture. */
const picturePx = 320

export async function thumbnailOf(
  services: ReportServices,
  asset: number,
  pictures: 'blurred' | 'clear',
  place: Pick<PictureOptions, 'frame' | 'region' | 'piece'>,
): Promise<HtmlPicture | null> {
  const shown = { sizePx: picturePx, blur: pictures === 'blurred' ? 'strong' : 'off', grey: false, ...place } as const
  // A file that is gone, changed or damaged costs the report its picture, nothing else.
  return services.thumbnail(asset, shown).catch(() => null)
}

/** Longest side of a picture in a row; a workbook keeps up to a thousand of them. */
const rowPicturePx = 220

/** Spreadsheets do not know WebP. Null where there is nothing to show any more. */
export async function workbookPicture(
  services: ReportServices,
  asset: number,
  pictures: 'blurred' | 'clear',
  piece: string | undefined,
): Promise<WorkbookPicture | null> {
  const thumbnail = await thumbnailOf(services, asset, pictures, { piece })
  if (thumbnail === null) return null
  // Loaded when first needed: most exports have no pictures.
  const { sharp } = await import('../imaging/sharp.ts')
  const { data, info } = await sharp(thumbnail.bytes)
    .resize(rowPicturePx, rowPicturePx, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 78 })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
