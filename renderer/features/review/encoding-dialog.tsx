import { Button, Loader, Modal, Radio } from '@mantine/core'
import { type ReactElement, useEffect, useState } from 'react'
import type { Encoding } from '../../../shared/encodings.ts'
import { encodingNames, isEncodingOpen, type TextReadings } from '../../../shared/uncertain-texts.ts'
import { invoke } from '../../base/bridge.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { askEncoding, useEncodingQuestion } from '../../state/encoding-question.ts'
import { rows } from '../../state/grid/live.ts'
import { stateEncoding } from '../../state/recheck.ts'
import classes from './review.module.css'
import { words } from './words.ts'

/** What texts are in whose bytes leave it open: chosen by how the first of them would read, and then they are checked again. */
export function EncodingDialog(): ReactElement {
  const t = useWords('review', words)
  const question = useEncodingQuestion(state => state.question)
  const [found, setFound] = useState<TextReadings | null>(null)
  const [encoding, setEncoding] = useState<Encoding | null>(null)
  const first = question?.assets[0]
  useEffect(() => {
    setFound(null)
    setEncoding(null)
    if (first === undefined) return
    let isCurrent = true
    void invoke('asset.readings', { asset: first }).then(answer => {
      if (isCurrent) setFound(answer ?? { readings: [], isList: false })
    })
    return () => {
      isCurrent = false
    }
  }, [first])
  const close = (): void => askEncoding(null)
  const count = question?.assets.length ?? 0
  return (
    <Modal opened={question !== null} onClose={close} title={t('chooseEncoding')} size="lg" lockScroll={false}>
      {found === null ? (
        <Loader size="sm" />
      ) : found.readings.length === 0 || !isOpen(first) ? (
        <p>{t(found.isList ? 'encodingOfList' : 'encodingNone')}</p>
      ) : (
        <Radio.Group
          label={t('encodingHint', { count, shown: formatNumber(count) })}
          value={encoding}
          onChange={value => setEncoding(found.readings.find(each => each.encoding === value)?.encoding ?? null)}
        >
          <div className={classes.readings}>
            {found.readings.map(({ encoding: each, lines }, at) => (
              <Radio
                key={each}
                value={each}
                label={encodingNames[each]}
                description={lines.join(' ⏎ ')}
                {...(at === 0 ? { 'data-autofocus': true } : {})}
              />
            ))}
          </div>
        </Radio.Group>
      )}
      <div className="row row-end">
        <Button variant="default" onClick={close}>
          {t('cancel')}
        </Button>
        <Button
          disabled={encoding === null}
          onClick={() => {
            close()
            if (question !== null && encoding !== null) void stateEncoding(question.batch, question.assets, encoding)
          }}
        >
          {t('checkAgain')}
        </Button>
      </div>
    </Modal>
  )
}

/** What is no text for another reason, damaged JSON for instance, no encoding mends. */
const isOpen = (asset: number | undefined): boolean =>
  asset === undefined || (rows.get(asset)?.results.some(({ reason, detail }) => isEncodingOpen(reason, detail)) ?? true)
