import type { PiecePlace } from '../../../shared/pieces.ts'
import type { FoundInDocument } from '../../../shared/planned-documents.ts'
import type { Content } from './content.ts'

/** What is in a file of several pieces, as people count it; null for what is one text, picture or recording. */
export function foundIn({
  words,
  pictures,
  films,
  recordings,
}: Pick<Content, 'words' | 'pictures' | 'films' | 'recordings'>): FoundInDocument | null {
  const sections = words?.sections ?? []
  const inner = [...pictures, ...films, ...recordings].filter(({ name }) => name !== '')
  if (inner.length === 0 && sections.length === 0) return null
  const places = [...sections.map(({ place }) => place), ...inner.flatMap(piece => piece.places)]
  const distinct = (of: (place: PiecePlace) => unknown) =>
    new Set(places.map(of).filter(value => value !== undefined)).size
  return {
    characters: words?.text.length ?? 0,
    pages: distinct(({ page }) => page),
    slides: distinct(({ slide }) => slide),
    sheets: distinct(({ sheet }) => sheet),
    layers: distinct(({ layer }) => layer),
    pictures: pictures.filter(({ name }) => name !== '' && !/^page \d+$/.test(name)).length,
    films: films.length,
    recordings: recordings.filter(({ name }) => name !== '').length,
  }
}
