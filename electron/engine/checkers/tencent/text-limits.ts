/** Numbers that the platforms set for texts, with their source in the protocol reference (docs/protocol.md). They are hard. */
export const textLimits = {
  /** §2.2: at most 2500 字. Counted in UTF-16 units, which never under-counts. */
  v2: { unit: 'utf16', max: 2500 },
  /** §2.1, §4: 500 KB for v1 and QQ; "KB" taken as 10^3, the smaller reading. */
  v1: { unit: 'utf8', max: 500_000 },
} as const
