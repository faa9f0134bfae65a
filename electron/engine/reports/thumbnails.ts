import type { ThumbnailOptions } from '../imaging/imaging.ts'
import type { ReportSnapshot } from '../store/ports.ts'
import type { ReportServices } from './export-report.ts'
import type { HtmlPicture } from './html.ts'
import type { WorkbookPicture } from './xlsx.ts'

/** Longest side of an embedded picture. */
const picturePx = 320

export async function thumbnailOf(
  services: ReportServices,
  asset: number,
  pictures: 'blurred' | 'clear',
  place: Pick<ThumbnailOptions, 'frame' | 'region'>,
): Promise<HtmlPicture | null> {
  const shown = { sizePx: picturePx, blur: pictures === 'blurred' ? 'strong' : 'off', grey: false, ...place } as const
  // A file that is gone, changed or damaged costs the report its picture, nothing else.
  return services.thumbnail(asset, shown).catch(() => null)
}

/** Spreadsheets do not know WebP. */
export async function workbookPicture(
  services: ReportServices,
  snapshot: ReportSnapshot,
  asset: number,
  pictures: 'blurred' | 'clear',
): Promise<WorkbookPicture | null> {
  if ((await snapshot.asset(asset))?.kind !== 'image') return null
  const thumbnail = await thumbnailOf(services, asset, pictures, {})
  if (thumbnail === null) return null
  // Loaded when first needed: most exports have no pictures.
  const { sharp } = await import('../imaging/sharp.ts')
  const { data, info } = await sharp(thumbnail.bytes).jpeg({ quality: 80 }).toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
