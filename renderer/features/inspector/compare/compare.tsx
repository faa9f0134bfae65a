import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { AssetDetail } from '../../../../shared/screening.ts'
import { attempt } from '../../../base/bridge.ts'
import { formatNumber, useLanguage, useWords } from '../../../base/i18n/index.ts'
import { words as common } from '../../../base/i18n/words.ts'
import { NoticeRoom } from '../../../base/notice-room.tsx'
import { DecisionMark, FindingMark, OutcomeMark } from '../../../base/verdict.tsx'
import { useBatch } from '../../../state/app.ts'
import { type Comparing, endComparing, useComparing } from '../../../state/comparing.ts'
import { assetsAt, dispatchGrid, focusOn, useGrid } from '../../../state/grid/grid.ts'
import { onChanged } from '../../../state/grid/live.ts'
import { KeyHint } from '../../../state/key-hint.tsx'
import { leafAt, leavesOf } from '../leaves.ts'
import { useOverWindow } from '../over-window.ts'
import { Pager } from '../pager.tsx'
import { setStage } from '../reading.ts'
import { isSaidByRules } from '../rules/hits.ts'
import { TextStage } from '../text-stage.tsx'
import { words } from '../words.ts'
import { fitScale } from '../zoom.ts'
import classes from './compare.module.css'
import { type Fact, factsOf, judged, type Pane, underProfile } from './facts.ts'
import { middleOf, type Spot, scrollFor, zoomStepped } from './in-step.ts'
import { ComparedPicture } from './picture.tsx'

/** Two to four assets side by side, or one under each of its profiles. All keys of the grid are about the focused pane. */
export function Compare(props: { readonly decisions: ReactNode }): ReactElement | null {
  const comparing = useComparing(state => state.comparing)
  return comparing === null ? null : <Panes comparing={comparing} decisions={props.decisions} />
}

function Panes(props: { readonly comparing: Comparing; readonly decisions: ReactNode }): ReactElement {
  const { comparing } = props
  const t = useWords('inspector', words)
  const host = useRef<HTMLDivElement>(null)
  useOverWindow(host)
  const focus = useGrid(state => state.focus)
  const details = useDetails(comparing)
  const panes = panesOf(comparing, details)
  const focused = comparing.of === 'profiles' ? 0 : Math.max(0, comparing.positions.indexOf(focus))
  const { spot, zoom, setZoom } = useInStep(host, focused, panes.length)
  return (
    <div
      ref={host}
      className={classes.compare}
      role="dialog"
      aria-modal="true"
      aria-label={t(comparing.of === 'assets' ? 'compareAssets' : 'compareProfiles')}
      data-loupe
      data-testid="compare"
      tabIndex={-1}
    >
      <div data-pane className={classes.head}>
        <strong>
          {comparing.of === 'assets'
            ? t('comparing', { count: panes.length, shown: formatNumber(panes.length) })
            : t('compareProfiles')}
        </strong>
        <span className="dim">
          {t('compareHint')} <KeyHint command="zoomIn" /> <KeyHint command="zoomOut" /> <KeyHint command="zoom" />
        </span>
        <span className="grow" />
        <ActionIcon variant="subtle" color="gray" aria-label={t('close')} onClick={endComparing}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      {/* Keys scroll and zoom as well (frame/keyboard.ts). */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        data-pane
        className={classes.panes}
        onScrollCapture={event => follow(host.current, spot, event.target)}
        onDoubleClick={() => setZoom(former => (former === 1 ? 2 : 1))}
      >
        {panes.map((pane, at) => (
          <section
            key={pane.key}
            className={classes.pane}
            data-testid="compared"
            data-focus={(comparing.of === 'assets' && at === focused) || undefined}
            aria-current={(comparing.of === 'assets' && at === focused) || undefined}
            aria-label={pane.detail?.path ?? ''}
            onPointerDown={() => {
              const position = comparing.positions[at]
              if (comparing.of === 'assets' && position !== undefined) dispatchGrid(focusOn, position)
            }}
          >
            {pane.detail !== null && pane.whole !== null && (
              <Stage detail={pane.detail} whole={pane.whole} zoom={zoom} spot={spot} />
            )}
          </section>
        ))}
      </div>
      <Facts comparing={comparing} panes={panes} focused={focused} />
      <NoticeRoom />
      {props.decisions}
    </div>
  )
}

function Stage(props: {
  readonly detail: AssetDetail
  readonly whole: AssetDetail
  readonly zoom: number
  readonly spot: RefObject<Spot>
}): ReactElement {
  const t = useWords('inspector', words)
  const { detail, whole } = props
  // Each pane opens at its own worst, and those of one asset turn with it.
  const [turned, setTurned] = useState<string | null>(null)
  const leaves = leavesOf(whole)
  const leaf = leaves[leafAt(whole, { piece: turned, part: -1, hit: null })]
  if (leaves.length > 1 && leaf !== undefined) {
    return (
      <div className={classes.document}>
        <div className={classes.leaf}>
          {leaf.kind === 'words' && <TextStage detail={detail} text={detail.text ?? ''} isLarge={false} />}
          {leaf.kind === 'picture' && <ComparedPicture key={leaf.name} {...props} leaf={leaf} />}
          {leaf.kind === 'recording' && <div className={classes.noPreview}>{t('audioAsync')}</div>}
        </div>
        <Pager leaves={leaves} shown={leaves.indexOf(leaf)} isLarge={false} turn={({ name }) => setTurned(name)} />
      </div>
    )
  }
  if (detail.text !== null) return <TextStage detail={detail} text={detail.text} isLarge={false} />
  if (leaf?.kind === 'picture') return <ComparedPicture {...props} leaf={leaf} />
  return <div className={classes.noPreview}>{t('noPreview')}</div>
}

type OpenPane = Pick<Pane, 'key'> & { readonly [Which in 'detail' | 'whole']: AssetDetail | null }

function panesOf(comparing: Comparing, details: ReadonlyMap<number, AssetDetail>): readonly OpenPane[] {
  const { table } = useGrid.getState()
  const assets = comparing.positions.map(position => table?.id[position] ?? -1)
  if (comparing.of === 'assets')
    return assets.map(asset => {
      const detail = details.get(asset) ?? null
      return { key: String(asset), detail, whole: detail }
    })
  const detail = details.get(assets[0] ?? -1)
  return (detail?.results ?? []).map(({ profile }) => ({
    key: profile,
    detail: detail === undefined ? null : underProfile(detail, profile),
    whole: detail ?? null,
  }))
}

/** All that is known of what is compared, read again when it changes. */
function useDetails(comparing: Comparing): ReadonlyMap<number, AssetDetail> {
  const [details, setDetails] = useState<ReadonlyMap<number, AssetDetail>>(new Map())
  useEffect(() => {
    let isOver = false
    const assets = assetsAt(useGrid.getState(), Uint32Array.from(comparing.positions))
    const load = async (asset: number) => {
      const answer = await attempt('asset.detail', { asset })
      if ('value' in answer && !isOver) setDetails(former => new Map(former).set(asset, answer.value))
    }
    for (const asset of assets) void load(asset)
    const stop = onChanged(changed => {
      for (const asset of assets) if (changed.has(asset)) void load(asset)
    })
    return () => {
      isOver = true
      stop()
    }
  }, [comparing])
  return details
}

const scrollers = '[data-compared], [data-testid=text-stage]'

/** The panes' common zoom and place; the commands and the reading keys are those of the focused pane, and the others follow it. */
function useInStep(host: RefObject<HTMLDivElement | null>, focused: number, count: number) {
  const spot = useRef<Spot>({ x: 0.5, y: 0 })
  const [zoom, setZoom] = useState(1)
  useEffect(() => {
    const pane = host.current?.querySelectorAll('[data-testid=compared]')[Math.min(focused, count - 1)]
    const current = pane?.querySelector<HTMLElement>(scrollers)
    if (current == null) return
    return setStage({
      host: current,
      zoom: {
        step: by => setZoom(former => zoomStepped(former, by)),
        toggle: () => setZoom(former => (former === 1 ? fullZoom(current) : 1)),
        fit: () => setZoom(1),
      },
    })
  })
  return { spot, zoom, setZoom }
}

/** How much larger than wholly in view is pixel for pixel. */
function fullZoom(pane: HTMLElement): number {
  const image = pane.querySelector('img')
  if (image === null || image.naturalWidth === 0) return 2
  const size = { width: image.naturalWidth, height: image.naturalHeight }
  const scale = fitScale(size, { width: pane.clientWidth, height: pane.clientHeight })
  return scale >= 1 ? 2 : 1 / scale
}

/** Brings the other panes to where one has been moved. */
function follow(host: HTMLElement | null, spot: RefObject<Spot>, target: EventTarget): void {
  if (host === null || !(target instanceof HTMLElement) || !target.matches(scrollers)) return
  const own = scrollFor(spot.current, target)
  // It has been brought here itself.
  if (Math.abs(own.left - target.scrollLeft) <= 1 && Math.abs(own.top - target.scrollTop) <= 1) return
  spot.current = middleOf(target)
  for (const other of host.querySelectorAll<HTMLElement>(scrollers))
    if (other !== target) other.scrollTo(scrollFor(spot.current, other))
}

function Facts(props: {
  readonly comparing: Comparing
  readonly panes: readonly OpenPane[]
  readonly focused: number
}): ReactElement | null {
  const { comparing, panes, focused } = props
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const language = useLanguage()
  const profiles = useBatch()?.profiles
  const known = panes.flatMap(({ key, detail }) => (detail === null ? [] : [{ key, detail }]))
  const profile = (id: string) => profiles?.find(each => each.id === id)?.name ?? id
  const facts = factsOf(known, comparing.of, {
    language,
    outcome: outcome => c(`outcome.${outcome}`),
    finding: ({ rules }) => c(`finding.${rules ?? 'unknown'}`),
    decision: ({ decision }) => c(`decision.${decision ?? 'undecided'}`),
    profile,
  })
  if (known.length < panes.length || panes.length === 0) return null
  return (
    <section
      data-pane
      className={classes.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('compareFacts')}
    >
      <table>
        <thead>
          <tr>
            <td />
            {known.map(({ key, detail }, at) => {
              const name =
                comparing.of === 'assets' ? detail.path.slice(detail.path.lastIndexOf('/') + 1) : profile(key)
              const isFocused = comparing.of === 'assets' && at === focused
              return (
                <th key={key} scope="col" title={name} data-focus={isFocused || undefined}>
                  {name}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {facts.map(fact => (
            <tr key={fact.id} data-differs={fact.differs || undefined} data-testid={`fact-${fact.id}`}>
              <th scope="row">
                {t(`fact.${fact.id}`)}
                {fact.differs && (
                  <span className={classes.differs} title={t('differs')}>
                    <span aria-hidden>≠</span>
                    <span className="sr-only">{t('differs')}</span>
                  </span>
                )}
              </th>
              {known.map(({ key, detail }, at) => (
                <td key={key} className="selectable">
                  <Value fact={fact} at={at} detail={detail} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A verdict, a finding and a decision have their marks; anything else is its text. */
function Value(props: { readonly fact: Fact; readonly at: number; readonly detail: AssetDetail }): ReactElement {
  const { fact, at, detail } = props
  const profiles = useBatch()?.profiles
  if (fact.id === 'decision') return <DecisionMark decision={detail.decision ?? 'undecided'} />
  if (fact.id === 'finding' && detail.ruled !== null) return <FindingMark finding={detail.rules ?? 'unknown'} />
  if (fact.id !== 'verdict') return <>{fact.values[at]}</>
  const said = judged(detail)
  return (
    <>
      {said.map(result => (
        <div key={result.profile} className={classes.verdict}>
          {isSaidByRules(result, detail) ? (
            <FindingMark finding={detail.rules ?? 'unknown'} />
          ) : (
            <OutcomeMark outcome={result.outcome ?? (result.state === 'awaiting' ? 'awaiting' : 'pending')} />
          )}
          {said.length > 1 && (
            <span className="dim">{profiles?.find(({ id }) => id === result.profile)?.name ?? result.profile}</span>
          )}
        </div>
      ))}
    </>
  )
}
