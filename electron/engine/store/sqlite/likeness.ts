import type { Database } from 'better-sqlite3'
import type { Likeness, PictureLikeness } from '../records.ts'

/** What pictures look like. */
export interface LikenessReads {
  pictureLikenesses(batch: string, after: number, limit: number): readonly PictureLikeness[]
}

export function createLikenessReads(raw: Database): LikenessReads {
  const page = raw.prepare<[string, number, number], Omit<PictureLikeness, 'isKnown'> & { isKnown: 0 | 1 }>(
    // By position, from one page to the next: the pictures of a million assets are not read at once.
    `SELECT a.position, a.id AS asset, a.sha256, l.sha256 IS NOT NULL AS isKnown, l.bits
     FROM assets a LEFT JOIN likenesses l ON l.sha256 = a.sha256
     WHERE a.batch = ? AND a.position > ? AND a.kind = 'image' AND a.sha256 IS NOT NULL ORDER BY a.position LIMIT ?`,
  )
  return {
    pictureLikenesses: (batch, after, limit) =>
      page.all(batch, after, limit).map(row => ({ ...row, isKnown: row.isKnown === 1 })),
  }
}

export function createLikenessWrites({ raw }: { readonly raw: Database }) {
  const keep = raw.prepare('INSERT INTO likenesses (sha256, bits) VALUES (?, ?) ON CONFLICT DO NOTHING')
  return {
    keepLikenesses: (likenesses: readonly Likeness[]): void => {
      for (const { sha256, bits } of likenesses) keep.run(sha256, bits)
    },
  }
}
