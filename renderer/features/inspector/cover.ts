import { originalUrl, thumbnailUrl } from '../../../shared/addresses.ts'
import type { AssetDetail, ResultView } from '../../../shared/screening.ts'
import type { Settings } from '../../../shared/settings.ts'
import { useApp } from '../../state/app.ts'
import { useViewState, type ViewState } from '../../state/view-state.ts'

export interface Cover {
  readonly isCovered: boolean
  /** It would be covered unless somebody had asked for it. */
  readonly canBeCovered: boolean
}

type Shown = Pick<Settings, 'blur' | 'grey' | 'reveal'>
type Asked = Pick<ViewState, 'held' | 'revealed' | 'unblurred' | 'reviewing'>

/** Whether a picture is covered: one that something was found in is, until it is asked for, or always is in review mode. */
export function coverOf(
  detail: { readonly id: number; readonly results: readonly Pick<ResultView, 'outcome'>[] },
  settings: Shown,
  asked: Asked,
): Cover {
  const worst = detail.results.some(({ outcome }) => outcome === 'risky' || outcome === 'review')
  const stays = asked.unblurred || (asked.reviewing && settings.reveal === 'stay')
  const canBeCovered = worst && settings.blur !== 'off' && !stays
  return { canBeCovered, isCovered: canBeCovered && !asked.held && asked.revealed !== detail.id }
}

export function useCover(detail: AssetDetail): Cover {
  const settings = useApp(state => state.settings)
  return coverOf(detail, settings, useViewState())
}

/** The whole picture in small, covered or not. */
export const smallUrl = (
  asset: number,
  { isCovered }: Cover,
  { blur, grey }: Shown,
  frame: number | null,
  piece: string | null = null,
): string => thumbnailUrl(asset, 640, { blur: isCovered ? blur : 'off', grey }, frame ?? 0, piece)

/** What the stage shows: the original is not even fetched before somebody asks for it. */
export const stageUrl = (
  asset: number,
  cover: Cover,
  settings: Shown,
  frame: number | null,
  piece: string | null = null,
): string => (cover.isCovered ? smallUrl(asset, cover, settings, frame, piece) : originalUrl(asset, frame, piece))
