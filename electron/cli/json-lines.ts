import { appendFileSync, closeSync, fstatSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { rulesProfile } from '../../shared/rules.ts'
import type { BatchProfile } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { writeProblem } from '../engine/reports/file.ts'
import { isHit, jsonRecord } from '../engine/reports/records.ts'
import type { ReportRow } from '../engine/store/records.ts'
import type { CommandContext } from './context.ts'
import { standardOutput } from './reports.ts'
import { printableJson } from './terminal.ts'

/** One line per asset and profile, as soon as it is complete. */
export interface JsonLines {
  readonly isFile: boolean
  /** The lines of those rows of one batch that are complete. */
  writeDone(engine: HeadlessEngine, rows: readonly ReportRow[]): Promise<void>
  /** A result came: writes what is complete by it. */
  write(engine: HeadlessEngine, asset: number, profile: number): Promise<void>
  close(): void
}

export function openJsonl({ stdout, language }: CommandContext, file: string): JsonLines {
  let descriptor: number | null
  try {
    descriptor = file === standardOutput ? null : openSync(resolve(file), 'w')
  } catch (error) {
    throw writeProblem(error, file)
  }
  /** Results whose lines wait for rules, by asset: what these find belongs into the lines of the platforms. */
  const waiting = new Map<number, Set<number>>()
  const writeDone: JsonLines['writeDone'] = async (engine, rows) => {
    const done = rows.filter(row => row.result.state === 'done')
    const [first] = done
    if (first === undefined) return
    const { profiles } = await engine.batches.get(first.asset.batch)
    const controls = await engine.store.reports.controls(done)
    for (const [index, row] of done.entries()) {
      const profile = profiles[row.result.profile]
      if (profile === undefined) continue
      if (await awaitsRules(engine, profiles, row.asset.id)) {
        waiting.set(row.asset.id, (waiting.get(row.asset.id) ?? new Set()).add(row.result.profile))
        continue
      }
      const checks = await engine.store.reader.checks(row.asset.id)
      const pieces = await engine.store.reader.pieces(row.asset.id)
      const ruled = isHit(row) ? await engine.store.reader.ruled(row.asset.id) : null
      const record = jsonRecord(row, { checks, pieces, control: controls[index] ?? null, ruled }, profile, language)
      if (descriptor === null) stdout.write(`${printableJson(record)}\n`)
      else appendFileSync(descriptor, `${JSON.stringify(record)}\n`)
    }
  }
  return {
    isFile: descriptor !== null && fstatSync(descriptor).isFile(),
    writeDone,
    write: async (engine, asset, profile) => {
      const batch = (await engine.store.reader.asset(asset))?.batch ?? ''
      const { profiles } = await engine.batches.get(batch)
      const wanted = new Set([profile])
      if (profiles[profile]?.platform === rulesProfile) {
        for (const held of waiting.get(asset) ?? []) wanted.add(held)
        waiting.delete(asset)
      }
      for await (const page of engine.store.reports.rows(batch, [asset])) {
        await writeDone(
          engine,
          page.filter(row => wanted.has(row.result.profile)),
        )
      }
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor)
    },
  }
}

/** Whether rules are still to look at the asset. */
async function awaitsRules(
  { store }: HeadlessEngine,
  profiles: readonly BatchProfile[],
  asset: number,
): Promise<boolean> {
  const rules = profiles.find(({ platform }) => platform === rulesProfile)
  if (rules === undefined) return false
  const [row] = await store.reader.rows([asset])
  return row?.results.some(({ profile, state }) => profile === rules.id && state !== 'done') ?? false
}
