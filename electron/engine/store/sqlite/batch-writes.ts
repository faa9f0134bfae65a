import type { Profile } from '../../../../shared/profile.ts'
import type { BatchState, BatchSummary, ScreenOptions } from '../../../../shared/screening.ts'
import { canonicalJson } from '../../ledger/chain.ts'
import { shortDigest } from '../../ledger/digests.ts'
import type { NewBatch } from '../records.ts'
import type { WriteContext } from './write-context.ts'

export function createBatchWrites({ raw, clock, appender }: WriteContext) {
  const insertBatch = raw.prepare(
    `INSERT INTO batches (id, name, state, created_at, practice, profiles, inputs, options, owner)
     VALUES (@id, @name, 'running', @createdAt, @practice, @profiles, @inputs, @options, @owner)`,
  )
  const insertSkipped = raw.prepare('INSERT INTO skipped (batch, path, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const updateWalked = raw.prepare('UPDATE batches SET walked = 1 WHERE id = ?')
  const updateState = raw.prepare('UPDATE batches SET state = ?, notice = ?, ended_at = ?, owner = ? WHERE id = ?')
  const updateOptions = raw.prepare('UPDATE batches SET options = ? WHERE id = ?')
  const updateName = raw.prepare('UPDATE batches SET name = ? WHERE id = ?')
  const sameControl = raw.prepare<[string, string], { one: 1 }>(
    "SELECT 1 AS one FROM ledger INDEXED BY ledger_controls_of WHERE kind = 'control' AND batch = ? AND body = ?",
  )

  return {
    createBatch: (batch: NewBatch): void => {
      const createdAt = clock.now()
      const profiles = JSON.stringify(batch.profiles)
      insertBatch.run({
        id: batch.id,
        name: batch.name,
        createdAt,
        practice: batch.practice ? 1 : 0,
        profiles,
        inputs: JSON.stringify(batch.inputs),
        options: JSON.stringify(batch.options),
        owner: batch.owner,
      })
      const body = {
        event: 'start',
        form: 2,
        name: batch.name,
        inputs: batch.inputs,
        options: batch.options,
        profiles: batch.profiles.map(profileBody),
        profilesDigest: shortDigest(profiles),
      }
      appender.append({ kind: 'batch', batch: batch.id, asset: null, body }, createdAt)
    },

    addSkipped: (batch: string, left: readonly { readonly path: string; readonly reason: string }[]): void => {
      const added = left.filter(({ path, reason }) => insertSkipped.run(batch, path, reason).changes === 1)
      if (added.length === 0) return
      const skipped = added.map(({ path, reason }) => shortDigest(path, reason)).join('')
      appender.append({ kind: 'skipped', batch, asset: null, body: { form: 2, skipped } })
    },

    setWalked: (batch: string): void => {
      updateWalked.run(batch)
      appender.append({ kind: 'batch', batch, asset: null, body: { event: 'walked', form: 2 } })
    },

    setState: (batch: string, state: BatchState, notice: BatchSummary['notice'], owner: string | null): void => {
      const at = clock.now()
      const ended = state === 'done' || state === 'cancelled' ? at : null
      const json = notice === null ? null : JSON.stringify(notice)
      updateState.run(state, json, ended, owner, batch)
      const body = {
        event: state,
        form: 2,
        notice: notice?.code,
        noticeDigest: json === null ? undefined : shortDigest(json),
      }
      appender.append({ kind: 'batch', batch, asset: null, body }, at)
    },

    rename: (batch: string, name: string): void => {
      updateName.run(name, batch)
      appender.append({ kind: 'batch', batch, asset: null, body: { event: 'rename', form: 2, name } })
    },

    setOptions: (batch: string, options: ScreenOptions): void => {
      updateOptions.run(JSON.stringify(options), batch)
      appender.append({ kind: 'batch', batch, asset: null, body: { event: 'options', form: 2, options } })
    },

    /** Unless the batch has the same row already: by what it says, for a transaction may be run twice. */
    appendControlOnce: (batch: string, body: Readonly<Record<string, unknown>>): void => {
      if (sameControl.get(batch, canonicalJson(body)) === undefined)
        appender.append({ kind: 'control', batch, asset: null, body })
    },

    append: (kind: string, batch: string | null, body: Readonly<Record<string, unknown>>): void => {
      appender.append({ kind, batch, asset: null, body })
    },
  }
}

/** What the ledger records of a profile: enough to know whose account was asked, and nothing secret. */
function profileBody(profile: Profile): Record<string, unknown> {
  const { id, name, platform, appid, practice, baseUrl, scene, sharePercent } = profile
  return { id, name, platform, appid, practice, baseUrl, scene, sharePercent }
}
