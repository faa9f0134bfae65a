import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconFileDiff } from '@tabler/icons-react'
import { type ReactElement, useMemo, useState } from 'react'
import type { BookDetail } from '../../../shared/rules.ts'
import { Confirm } from '../../base/confirm.tsx'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { type BookDraft, discardBook, dispatchRuleDesk, keepMine } from '../../state/rule-desk.ts'
import { CodeField } from './code-field.tsx'
import { firstDifference } from './lines.ts'
import classes from './rules.module.css'
import { words } from './words.ts'

/** Two have written: what is on the disk by now, and what was typed here. Nothing is given up that was not looked at and chosen. */
export function Conflict(props: {
  readonly name: string
  readonly draft: BookDraft
  /** As it is on the disk. */
  readonly theirs: BookDetail
}): ReactElement {
  const { name, draft, theirs } = props
  const t = useWords('rules', words)
  const [isCompared, setCompared] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const line = useMemo(() => firstDifference(theirs.yaml, draft.yaml) ?? 1, [theirs.yaml, draft.yaml])
  const wanted = useMemo(() => ({ line, count: 1 }), [line])
  return (
    <Alert color="var(--review)" variant="light" icon={<IconFileDiff aria-hidden />} title={t('changedTitle')}>
      <Stack gap="sm">
        <Text size="md">{t('changedText', { line: formatNumber(line) })}</Text>
        <Group gap="sm">
          <Button variant="default" onClick={() => setCompared(!isCompared)} aria-expanded={isCompared}>
            {t(isCompared ? 'hideCompare' : 'compare')}
          </Button>
          <Button variant="default" onClick={() => setAsked(true)}>
            {t('takeTheirs')}
          </Button>
          <Button
            onClick={() =>
              dispatchRuleDesk(keepMine, { key: draft.key, yaml: theirs.yaml, version: theirs.info.version })
            }
          >
            {t('takeMine')}
          </Button>
        </Group>
        {isCompared && (
          <div className={classes.pair}>
            {(['theirs', 'mine'] as const).map(side => (
              <div key={side}>
                <Text size="sm" fw={600}>
                  {t(side)}
                </Text>
                <CodeField
                  label={t(side)}
                  value={side === 'mine' ? draft.yaml : theirs.yaml}
                  onChange={null}
                  problems={[]}
                  wanted={wanted}
                />
              </div>
            ))}
          </div>
        )}
      </Stack>
      <Confirm
        opened={isAsked}
        title={t('theirsTitle')}
        text={t('theirsText', { name })}
        stay={t('stay')}
        go={t('takeTheirs')}
        onStay={() => setAsked(false)}
        onGo={() => dispatchRuleDesk(discardBook, draft.key)}
      />
    </Alert>
  )
}
