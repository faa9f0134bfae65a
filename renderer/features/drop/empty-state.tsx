import { Button } from '@mantine/core'
import {
  IconBook2,
  IconFileUpload,
  IconFolderOpen,
  IconIdBadge2,
  IconPhotoPlus,
  IconPlayerPlayFilled,
  IconSettings,
} from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { rulesProfile } from '../../../shared/rules.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { LanguageField, ThemeField } from '../../state/appearance-fields.tsx'
import { runCommand } from '../../state/commands.ts'
import classes from './drop.module.css'
import { openDialog } from './planning.ts'
import { words } from './words.ts'

const shownFormats = ['image', 'text', 'table', 'archive'] as const

/** First sight: what can be dropped, and a verdict grid one click away without an account. */
export function EmptyState(): ReactElement {
  const t = useWords('drop', words)
  const commandName = useCommandNames()
  const formats = useApp(state => state.info?.formats)
  const hasRules = useApp(state => state.profiles.some(({ id }) => id === rulesProfile))
  return (
    <main className={classes.empty} data-testid="empty">
      <div className={classes.emptyZone}>
        <IconPhotoPlus size={44} stroke={1.25} aria-hidden />
        <h1>{t('empty.title')}</h1>
        <p>{t('empty.takes')}</p>
        <ul className={classes.emptyKinds} aria-label={t('empty.formats')}>
          {shownFormats.map(kind => (
            <li key={kind}>{formats?.[kind].join(' · ')}</li>
          ))}
        </ul>
        <div className="row row-center">
          <Button
            variant="default"
            leftSection={<IconFileUpload size={15} aria-hidden />}
            onClick={() => runCommand('openFiles')}
          >
            {commandName('openFiles')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFolderOpen size={15} aria-hidden />}
            onClick={() => runCommand('openFolder')}
          >
            {commandName('openFolder')}
          </Button>
        </div>
      </div>
      <div className={classes.emptyStarts}>
        <button
          type="button"
          className={`${classes.emptyStart} ${classes.emptyStartFirst}`}
          onClick={() => runCommand('sample')}
        >
          <IconPlayerPlayFilled size={18} aria-hidden />
          <span>
            <strong>{commandName('sample')}</strong>
            <small>{t('empty.sampleHint')}</small>
          </span>
        </button>
        {hasRules && (
          <button type="button" className={classes.emptyStart} onClick={() => void openDialog('files', 'rules')}>
            <IconBook2 size={18} aria-hidden />
            <span>
              <strong>{t('empty.rules')}</strong>
              <small>{t('empty.rulesHint', { words: t('notLegalAdvice') })}</small>
            </span>
          </button>
        )}
        <button type="button" className={classes.emptyStart} onClick={() => runCommand('showProfiles')}>
          <IconIdBadge2 size={18} aria-hidden />
          <span>
            <strong>{t('addProfile')}</strong>
            <small>{t('empty.profileHint')}</small>
          </span>
        </button>
      </div>
      <ol className={classes.emptySteps}>
        <li>{t('empty.step1')}</li>
        <li>{t('empty.step2')}</li>
        <li>{t('empty.step3')}</li>
      </ol>
      <div className={classes.emptyAppearance}>
        <LanguageField aria-label={t('language')} />
        <ThemeField aria-label={t('theme')} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconSettings size={15} aria-hidden />}
          onClick={() => runCommand('showSettings')}
        >
          {commandName('showSettings')}
        </Button>
      </div>
    </main>
  )
}
