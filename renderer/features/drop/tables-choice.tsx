import { Button, Checkbox, Select } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { PlannedTable, TableColumn } from '../../../shared/screening.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { chooseColumns, dispatchPlan, tablesShown, usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { words } from './words.ts'

/** Which columns of each table are checked: the likeliest at first, shown with what they hold. */
export function TablesChoice(): ReactElement | null {
  const t = useWords('drop', words)
  const met = usePlan(state => state.tables)
  const chosen = usePlan(state => state.options.tables)
  const tables = tablesShown(met, chosen)
  if (tables.length === 0) return null
  return (
    <fieldset className={classes.planTables} aria-label={t('tables')}>
      {tables.map(table => (
        <TableChoice key={`${table.file}\n${table.sheet}`} table={table} />
      ))}
    </fieldset>
  )
}

function TableChoice({ table }: { readonly table: PlannedTable }): ReactElement {
  const t = useWords('drop', words)
  const { columns, textColumn, urlColumn, moreTextColumns, isWanted, rows } = table
  const name = table.sheet === null ? table.path : `${table.path} · ${table.sheet}`
  const choose = (patch: Partial<Pick<PlannedTable, 'textColumn' | 'urlColumn' | 'moreTextColumns'>>) =>
    dispatchPlan(chooseColumns, { table, columns: { textColumn, urlColumn, moreTextColumns, ...patch } })
  const isOpen = isWanted && textColumn === null && urlColumn === null
  return (
    <div className={classes.planTable} data-testid="plan-table" data-open={isOpen || undefined}>
      <div className={classes.planTableName} title={name}>
        <IconTable size={14} aria-hidden /> <b>{name}</b>
        {rows !== null && <span className="dim"> · {t('tableRows', { count: rows, shown: formatNumber(rows) })}</span>}
      </div>
      <Checkbox
        label={t('tableUnwanted')}
        aria-label={t('tableUnwantedOf', { name })}
        checked={!isWanted}
        onChange={event =>
          dispatchPlan(chooseColumns, {
            table,
            columns: event.currentTarget.checked ? { textColumn: null, urlColumn: null, moreTextColumns: [] } : null,
          })
        }
      />
      <ColumnSelect
        columns={columns}
        label={t('textColumn')}
        name={name}
        value={textColumn}
        isOff={!isWanted}
        isOpen={isOpen}
        onChoose={key => choose({ textColumn: key })}
      />
      <ColumnSelect
        columns={columns}
        label={t('urlColumn')}
        name={name}
        value={urlColumn}
        isOff={!isWanted}
        isOpen={false}
        onChoose={key => choose({ urlColumn: key })}
      />
      {isWanted && textColumn !== null && <OtherColumns table={table} onChoose={choose} />}
    </div>
  )
}

/** The columns that are not read, by name, and the button that has them checked too. */
function OtherColumns(props: {
  readonly table: PlannedTable
  readonly onChoose: (patch: Pick<PlannedTable, 'moreTextColumns'>) => void
}): ReactElement | null {
  const t = useWords('drop', words)
  const { columns, textColumn, urlColumn, moreTextColumns, path, sheet } = props.table
  const isChosen = ({ key }: TableColumn) => [textColumn, urlColumn, ...moreTextColumns].includes(key)
  const others = columns.filter(column => !isChosen(column))
  const named = (keys: readonly string[]) =>
    columns.flatMap(column => (keys.includes(column.key) ? [columnName(column)] : [])).join(t('columnsBetween'))
  if (others.length === 0 && moreTextColumns.length === 0) return null
  const [text, action, chosen] =
    others.length > 0
      ? [t('columnsUnread', { names: named(others.map(({ key }) => key)) }), t('columnsTakeAll'), others]
      : [t('columnsTaken', { names: named(moreTextColumns) }), t('columnsTakeOne'), null]
  return (
    <div className={classes.planTableOthers}>
      <span className="dim" title={text}>
        {text}
      </span>
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={`${action} · ${sheet ?? path}`}
        onClick={() =>
          props.onChoose({
            moreTextColumns: chosen === null ? [] : [...moreTextColumns, ...chosen.map(({ key }) => key)],
          })
        }
      >
        {action}
      </Button>
    </div>
  )
}

const none = '\u0000'

function ColumnSelect(props: {
  readonly columns: readonly TableColumn[]
  readonly label: string
  readonly name: string
  /** Key of the column; null for none. */
  readonly value: string | null
  readonly isOff: boolean
  /** A column has to be chosen before anything of the table can be checked. */
  readonly isOpen: boolean
  readonly onChoose: (key: string | null) => void
}): ReactElement {
  const t = useWords('drop', words)
  const { columns, label, name, value, isOff, isOpen, onChoose } = props
  const byKey = new Map(columns.map(column => [column.key, column]))
  // One that was named for all tables and that this one lacks.
  const isUnknown = value !== null && !byKey.has(value)
  return (
    <Select
      label={label}
      aria-label={`${label} · ${name}`}
      disabled={isOff}
      allowDeselect={false}
      error={isOpen ? t('chooseColumn') : isUnknown}
      value={value ?? none}
      onChange={key => onChoose(key === none ? null : key)}
      data={[
        { value: none, label: t('noColumn') },
        ...(isUnknown ? [{ value, label: value }] : []),
        ...columns.map(column => ({ value: column.key, label: columnName(column) })),
      ]}
      renderOption={({ option }) => (
        <div className={classes.planColumn}>
          <span>{option.label}</span>
          <span className="dim">{samplesOf(byKey.get(option.value))}</span>
        </div>
      )}
      description={isOff ? '' : samplesOf(value === null ? undefined : byKey.get(value))}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      maxDropdownHeight={260}
    />
  )
}

const columnName = ({ letter, name }: TableColumn): string => (name === null ? letter : `${letter} · ${name}`)

const samplesOf = (column: TableColumn | undefined): string =>
  (column?.samples ?? []).map(sample => `“${sample.replace(/\s+/gu, ' ')}”`).join(' ')
