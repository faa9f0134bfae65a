/** Tags that programs know, with what they take; a word behind a backslash is none. */
const override =
  /\\(?:[1-4]?alpha|[xy]?(?:bord|shad)|fsc[xy]|fr[xyz]?|fa[xy]|fs[cp]?|f[ne]|fade?|an|blur|be|i?clip|move|org|pos|pbo|k[fot]?|[1-4]?[ac]|[bituspqr])(?:\([^()]*(?:\([^()]*\)[^()]*)?\)|&H[\da-f]*&?|[-+]?[\d.]*)/gi

/**
 * A line of subtitles without the SubStation tags in its braces, which cut words. What else stands between them is a note, which some
 * programs show: it follows. `braces` matches those that may hold tags, with their inside as its group.
 */
export function withoutOverrides(line: string, braces: RegExp): string {
  const notes: string[] = []
  const shown = line.replace(braces, (_, inside: string) => {
    const note = inside.replace(override, '').trim()
    if (note !== '') notes.push(note)
    return ''
  })
  return [shown.replace(/\\[Nn]/g, '\n').replace(/\\h/g, ' '), ...notes].join('\n')
}
