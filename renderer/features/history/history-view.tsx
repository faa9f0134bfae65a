import '@mantine/charts/styles.css'
import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { IconFileExport, IconSearch, IconShieldCheck } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { useCommandNames } from '../../base/command-names.ts'
import { useWords } from '../../base/i18n/index.ts'
import { dispatch, showOverlay } from '../../state/app.ts'
import { runCommand } from '../../state/commands.ts'
import { BatchTable } from './batch-table.tsx'
import type { Pair } from './compare.ts'
import { ComparePanel } from './compare-panel.tsx'
import classes from './history.module.css'
import { OlderReadings } from './older-readings.tsx'
import { TrendsPanel } from './trends-panel.tsx'
import { VerifyDialog } from './verify-dialog.tsx'
import { words } from './words.ts'

/** Everything there has ever been: batches, figures over time, the way to search all of it, and the proof that it is intact. */
export function HistoryView(): ReactElement {
  const t = useWords('history', words)
  const name = useCommandNames()
  const [verifying, setVerifying] = useState(false)
  const [tab, setTab] = useState<string | null>('batches')
  const [pair, setPair] = useState<Pair | null>(null)
  const compare = (chosen: Pair | null) => {
    setPair(chosen)
    setTab('compare')
  }
  return (
    <section className={classes.view} aria-label={name('showHistory')}>
      <div className={classes.head}>
        <Stack gap={4}>
          <Title order={1} size="lg">
            {name('showHistory')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('lead')}
          </Text>
        </Stack>
        <Group gap="sm" flex="none">
          <Button
            variant="default"
            size="sm"
            leftSection={<IconSearch size={16} aria-hidden />}
            onClick={() => runCommand('searchAll')}
          >
            {name('searchAll')}
          </Button>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconFileExport size={16} aria-hidden />}
            onClick={() => dispatch(showOverlay, 'export')}
          >
            {t('export')}
          </Button>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            onClick={() => setVerifying(true)}
          >
            {t('verify')}
          </Button>
        </Group>
      </div>
      <OlderReadings />
      <Tabs value={tab} onChange={setTab} className={classes.tabs} keepMounted={false}>
        <Tabs.List aria-label={name('showHistory')}>
          <Tabs.Tab value="batches">{t('tab.batches')}</Tabs.Tab>
          <Tabs.Tab value="trends">{t('tab.trends')}</Tabs.Tab>
          <Tabs.Tab value="compare">{t('tab.compare')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="batches" className={classes.panel}>
          <BatchTable onCompare={compare} />
        </Tabs.Panel>
        <Tabs.Panel value="trends" className={classes.panel}>
          <TrendsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="compare" className={classes.panel}>
          <ComparePanel pair={pair} onPair={setPair} />
        </Tabs.Panel>
      </Tabs>
      {verifying && <VerifyDialog onClose={() => setVerifying(false)} />}
    </section>
  )
}
