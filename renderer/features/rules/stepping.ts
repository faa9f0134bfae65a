/** Where a key leads in a list; null for a key that leads nowhere. */
export function steppedTo(
  key: string,
  list: { readonly position: number; readonly last: number; readonly page: number },
): number | null {
  const { position, last, page } = list
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: position + 1,
    ArrowUp: position - 1,
    PageDown: position + Math.max(1, page - 1),
    PageUp: position - Math.max(1, page - 1),
    Home: 0,
    End: last,
  }
  const wanted = steps[key]
  return wanted === undefined ? null : Math.min(last, Math.max(0, wanted))
}
