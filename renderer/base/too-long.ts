import { formatNumber } from './i18n/index.ts'

/** By how much a text is longer than what is taken, as the words want it; null where it is not. */
export function overLength(
  text: string,
  most: number,
): { readonly count: number; readonly shown: string; readonly most: string } | null {
  const count = text.length - most
  return count <= 0 ? null : { count, shown: formatNumber(count), most: formatNumber(most) }
}
