/** The pages of a book, as the reader of pages can account for them: with their own style sheets in them, and without the pictures that are pieces. */

/** What a page may take from its book. */
export interface Book {
  /** Whether a picture of this address, as the page has it, is a piece. */
  holdsPicture(address: string): boolean
  /** The style sheet of this address with addresses that its pictures have from the page; null where the book has none. */
  sheetOf(address: string): string | null
}

/** Longer sheets are not put into every page. */
const maxSheet = 500_000

export function selfContained(page: string, book: Book): string {
  return page
    .replace(drawnPicture, (all, address: string) => (book.holdsPicture(decoded(address)) ? '' : all))
    .replace(picture, (all, before: string, double?: string, single?: string, after = '') => {
      const address = decoded(double ?? single ?? '')
      // A second address may name another picture.
      if (/\ssrcset\s*=/i.test(all) || !book.holdsPicture(address)) return all
      return `<span${before}${after}></span>`
    })
    .replace(link, (all, attributes: string) => {
      const [, rel = ''] = /\srel\s*=\s*["']([^"']*)["']/i.exec(attributes) ?? []
      const [, href = ''] = /\shref\s*=\s*["']([^"']*)["']/i.exec(attributes) ?? []
      const sheet = /^\s*stylesheet\s*$/i.test(rel) ? book.sheetOf(decoded(href)) : null
      // What would end the element is no style that anybody wrote.
      if (sheet === null || sheet.length > maxSheet || sheet.includes('<')) return all
      return `<style>${withoutPictures(sheet, book)}</style>`
    })
    .replace(ownSheet, (_, start: string, sheet: string) => start + withoutPictures(sheet, book))
}

const attribute = `\\s+[^\\s<>/=]+\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`
const picture = new RegExp(
  `<img((?:(?!\\s+src\\s*=)${attribute})*)\\s+src\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')((?:(?!\\s+src\\s*=)${attribute})*)\\s*(?:/>|>(?:\\s*</img>)?)`,
  'g',
)
/** A cover: nothing but one picture within a drawing. */
const drawnPicture =
  /<svg(?:\s[^<>]{0,2000})?>\s*<image(?:\s[^<>]{0,2000}?)?\s(?:xlink:)?href\s*=\s*["']([^"'<]{1,2000})["'][^<>]{0,2000}?(?:\/>|>\s*<\/image>)\s*<\/svg>/g
const link = /<link((?:\s[^<>]*)?)>(?:\s*<\/link>)?/g
const ownSheet = /(<style(?:\s[^<>]*)?>)([^<]*)/g

function withoutPictures(sheet: string, book: Book): string {
  return sheet.replaceAll(/url\(\s*(?:"([^"()]*)"|'([^'()]*)'|([^"'()\s]*))\s*\)/g, (all, ...addresses) => {
    const address = addresses.slice(0, 3).find(each => typeof each === 'string') ?? ''
    return book.holdsPicture(address) ? 'none' : all
  })
}

function decoded(value: string): string {
  return value.replaceAll('&amp;', '&')
}
