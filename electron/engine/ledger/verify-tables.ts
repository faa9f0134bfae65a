import type { Database } from 'better-sqlite3'
import type { Finding } from './verify.ts'
import { isOldForm, type Part } from './verify-asset.ts'
import type { Compared } from './verify-assets.ts'
import { verifyBatches } from './verify-batches.ts'
import { verifyDerived } from './verify-derived.ts'
import type { BatchEvents } from './verify-events.ts'

/** What the assets came to, taken together, and then batches, counts and indexes. */
export async function verifyRest(
  raw: Database,
  events: BatchEvents,
  compared: readonly Compared[],
  pause: () => Promise<void>,
): Promise<{ readonly finding: Finding | null; readonly oldRows: number }> {
  let oldRows = 0
  for (const batch of events.batches()) oldRows += events.rowsOf(batch).filter(isOldForm).length
  for (const each of compared) oldRows += each.oldRows
  const [first] = compared
    .flatMap(({ contradiction }) => contradiction ?? [])
    .sort((one, other) => one.asset - other.asset)
  const finding =
    first === undefined
      ? ((await verifyBatches(raw, events, pause)) ??
        (await verifyDerived(
          raw,
          compared.map(({ counts }) => counts),
          pause,
        )))
      : contradiction(first.part, first.asset, first.seq)
  return { finding, oldRows }
}

const names: Readonly<Record<Exclude<Part, 'gone'>, { readonly zh: string; readonly en: string }>> = {
  facts: { zh: '来源或内容信息', en: 'description' },
  results: { zh: '机审结论', en: 'verdict' },
  checks: { zh: '送检记录', en: 'record of a check' },
  hits: { zh: '规则命中', en: 'rule hits' },
  decision: { zh: '人工结论', en: 'decision' },
  outcome: { zh: '汇总结论', en: 'overall outcome' },
  reviews: { zh: '处理记录', en: 'decision history' },
}

function contradiction(part: Part, asset: number, seq: number | null): Finding {
  if (part === 'gone') {
    return {
      row: seq ?? 0,
      what: 'table',
      zh: `账本第 ${seq} 行记录的对象（素材 a_${asset}）已从数据表中删除；账本本身前后相连。`,
      en: `What row ${seq} of the ledger is about (asset a_${asset}) was removed from the tables; the ledger itself is whole.`,
    }
  }
  const { zh, en } = names[part]
  return {
    row: seq ?? 0,
    what: 'table',
    zh:
      seq === null
        ? `素材 a_${asset} 的${zh}在账本中没有记录：数据表被改动。`
        : `素材 a_${asset} 的${zh}与账本第 ${seq} 行不符：数据表被改动，以账本为准。`,
    en:
      seq === null
        ? `The ${en} of asset a_${asset} is not in the ledger: the tables were changed.`
        : `The ${en} of asset a_${asset} does not agree with row ${seq} of the ledger: the tables were changed; the ledger holds.`,
  }
}
