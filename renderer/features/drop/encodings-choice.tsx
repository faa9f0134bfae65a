import { Select } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { encodingStatedFor } from '../../../shared/encodings.ts'
import { encodingNames, type UncertainText } from '../../../shared/uncertain-texts.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { VirtualList } from '../../base/virtual-list.tsx'
import {
  dispatchPlan,
  type EncodingScope,
  encodingScopes,
  planShown,
  stateEncoding,
  usePlan,
} from '../../state/plan.ts'
import classes from './drop.module.css'
import { words } from './words.ts'

const rowHeight = 58
const rowsShown = 4

/** Texts whose bytes leave open what they are in: somebody says it, for one, for a folder or for all, and sees how each would read. */
export function EncodingsChoice(): ReactElement | null {
  const t = useWords('drop', words)
  const texts = usePlan(state => state.uncertain)
  const count = usePlan(state => Math.max(planShown(state)?.uncertainCount ?? 0, state.uncertain.length))
  const stated = usePlan(state => state.options.encodings)
  if (texts.length === 0) return null
  const scopes = encodingScopes(texts)
  const title = t('uncertain', { count, shown: formatNumber(count) })
  return (
    <fieldset className={classes.planEncodings} aria-label={title} data-testid="plan-encodings">
      <legend>
        {title} <span className="dim">{t('uncertainHint')}</span>
        {count > texts.length && (
          <span className="dim"> · {t('problemsFirst', { count: formatNumber(texts.length) })}</span>
        )}
      </legend>
      <VirtualList
        count={scopes.length}
        rowHeight={rowHeight}
        height={Math.min(rowsShown, scopes.length) * rowHeight}
        label={title}
        row={index => {
          const scope = scopes[index]
          return scope === undefined ? null : <EncodingChoice scope={scope} stated={stated} />
        }}
      />
    </fieldset>
  )
}

const none = ''

function EncodingChoice({
  scope,
  stated,
}: {
  readonly scope: EncodingScope
  readonly stated: Parameters<typeof encodingStatedFor>[1]
}): ReactElement {
  const t = useWords('drop', words)
  const { of, path, text, count } = scope
  const name =
    of === 'file' ? text.path : of === 'all' ? t('uncertainAll', { count }) : t('uncertainFolder', { path, count })
  const own = stated.find(each => each.path === path)?.encoding ?? null
  const inForce = own ?? (path === null ? null : encodingStatedFor(path, stated))
  return (
    <div className={classes.planEncoding} data-testid="plan-encoding" data-open={inForce === null || undefined}>
      <span className={classes.planEncodingName} title={name}>
        {of === 'file' && <IconLanguage size={14} aria-hidden />}
        {of === 'file' ? name : <b>{name}</b>}
      </span>
      <Select
        size="xs"
        aria-label={t('encodingOf', { name })}
        placeholder={t('chooseEncoding')}
        allowDeselect={false}
        value={inForce ?? none}
        onChange={value => {
          const encoding = text.readings.find(reading => reading.encoding === value)?.encoding ?? null
          dispatchPlan(stateEncoding, { path, encoding })
        }}
        data={[
          { value: none, label: t('encodingUnsaid') },
          ...text.readings.map(({ encoding }) => ({ value: encoding, label: encodingNames[encoding] })),
        ]}
        renderOption={({ option }) => (
          <div className={classes.planColumn}>
            <span>{option.label}</span>
            <span className="dim">{previewOf(text, option.value)}</span>
          </div>
        )}
        maxDropdownHeight={260}
      />
      <span className={classes.planEncodingPreview} data-testid="plan-encoding-preview">
        {previewOf(text, inForce) || t('uncertainUnchecked')}
      </span>
    </div>
  )
}

const previewOf = ({ readings }: UncertainText, encoding: string | null): string =>
  readings.find(reading => reading.encoding === encoding)?.lines.join(' ⏎ ') ?? ''
