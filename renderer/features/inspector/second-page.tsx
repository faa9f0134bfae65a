import { MantineProvider } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import type { ReactElement } from 'react'
import { labelOf } from '../../../shared/labels.ts'
import type { LoupeView } from '../../../shared/loupe.ts'
import { problemText } from '../../../shared/problems.ts'
import { attempt, invoke } from '../../base/bridge.ts'
import { i18n, useLanguage, useWords } from '../../base/i18n/index.ts'
import { combinationOf, readingMove } from '../../base/keys.ts'
import { themeWith } from '../../base/theme/index.ts'
import { installScheme } from '../../base/theme/install.ts'
import { DecisionMark, FindingMark, OutcomeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { runCommand } from '../../state/commands.ts'
import { dispatchDetail, failDetail, takeDetail, useDetail, wantDetail } from '../../state/detail.ts'
import { dispatchViewState, leaveAsset, useViewState } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { turnPage } from './leaves.ts'
import { Preview } from './preview.tsx'
import { readOn } from './reading.ts'
import { isSaidByRules } from './rules/hits.ts'
import { words } from './words.ts'

let revision = -1

/** Shows what the first window says: it is asked for nothing, and decides nothing. */
export async function takeView({ look, language, settings }: LoupeView): Promise<void> {
  useApp.setState({ settings: { ...useApp.getState().settings, ...settings } })
  installScheme(settings.theme)
  if (i18n.language !== language) void i18n.changeLanguage(language)
  const { asset, piece, part, hit } = look
  if (asset !== useDetail.getState().asset) dispatchViewState(leaveAsset, null)
  useViewState.setState({ unblurred: look.isUncovered, piece, part, hit })
  const isKnown = asset === useDetail.getState().asset && look.revision === revision
  if (isKnown) return
  revision = look.revision
  dispatchDetail(wantDetail, asset)
  if (asset === null) return
  const answer = await attempt('asset.detail', { asset })
  if ('value' in answer) dispatchDetail(takeDetail, answer.value)
  else dispatchDetail(failDetail, { asset, problem: answer.problem })
}

const zooms = { '=': 'zoomIn', '+': 'zoomIn', '-': 'zoomOut', '0': 'zoomFit', z: 'zoom' } as const
const isZoom = (key: string): key is keyof typeof zooms => Object.hasOwn(zooms, key)

/** The keys of reading and zooming; those that decide are the first window's, where it is seen about what. */
export function pressedInSecond(event: KeyboardEvent): void {
  const pressed = combinationOf(event, 'linux')
  const move = readingMove(event, 'work', 'linux')
  if (pressed === 'Escape' || /^(?:Mod|Other)\+Enter$/.test(pressed)) void invoke('loupe.toggle', {})
  else if (isZoom(pressed)) runCommand(zooms[pressed])
  else if (pressed === 'p' || pressed === 'Shift+p') turnShown(pressed === 'p' ? 1 : -1)
  else if (move !== null) readOn(move, { isHeld: event.repeat })
  else return
  event.preventDefault()
}

function turnShown(by: 1 | -1): void {
  const { detail } = useDetail.getState()
  if (detail !== null) turnPage(detail, by)
}

export function SecondPage(): ReactElement {
  const system = useColorScheme('light', { getInitialValueInEffect: false })
  const chosen = useApp(state => state.settings.theme)
  return (
    // Variables and classes come from style sheets, see theme/install.ts.
    <MantineProvider
      theme={themeWith({ close: '' })}
      forceColorScheme={chosen === 'system' ? system : chosen}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles={false}
    >
      <Shown />
    </MantineProvider>
  )
}

function Shown(): ReactElement {
  const t = useWords('inspector', words)
  const language = useLanguage()
  const { detail, problem } = useDetail()
  return (
    <main className={classes.loupe} aria-label={t('loupe')} data-loupe data-second>
      <div className={classes.loupeHead}>
        <div className={classes.loupeSaid} role="status">
          <strong className={classes.loupeName} data-testid="loupe-name">
            {detail?.path}
          </strong>
          {detail?.results.map(result => (
            <span key={result.profile} className={classes.loupeResult}>
              {isSaidByRules(result, detail) ? (
                <FindingMark finding={detail.rules ?? 'unknown'} />
              ) : (
                <OutcomeMark outcome={result.outcome ?? 'pending'} />
              )}
              {result.labels.map(code => `${labelOf(code)[language]} ${code}`).join(' · ')}
            </span>
          ))}
          {detail?.decision != null && <DecisionMark decision={detail.decision} />}
        </div>
      </div>
      <div className={classes.loupeBody}>
        <div className={classes.loupeStage}>
          {detail !== null ? (
            <Preview detail={detail} isLarge />
          ) : (
            <div className={classes.none} role="status">
              {problem === null ? t('secondNone') : problemText(problem.code, language)}
            </div>
          )}
        </div>
      </div>
    </main>
  )
}
