/** The file name offered for an export: the batch's name, made fit for every file system, and the day. */
export function exportFileName(batchName: string, format: string, now: Date): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('-')
  const plain = batchName
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses these in names.
    .replace(/[\u0000-\u001f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+|\.+$/g, '')
  const name = Array.from(plain).slice(0, 60).join('').trim()
  return `prescreen ${name === '' ? 'batch' : name} ${day}.${format}`
}
