/** The pages of a mail, as the reader of pages can account for them: with their style sheets in them, and without the pictures that are pieces. */

/** What a page may take from its mail; addresses are as the page has them. */
export interface PageParts {
  /** Whether a picture, or a page that is read too, has this address. */
  holds(address: string, as: 'picture' | 'page'): boolean
  sheetOf(address: string): string | null
}

/** Whether a sheet can be put into a page: it is not too long, and ends no element. */
export function isPageSheet(sheet: string): boolean {
  return sheet.length <= 500_000 && !/<\/style|<!--/i.test(sheet)
}

export function selfContained(page: string, parts: PageParts): string {
  return page
    .replace(tag, (all, written: string, attributes: string) => {
      const name = written.toLowerCase()
      if (name === 'link') return linked(all, attributes, parts)
      const as = /^i?frame$/.test(name) ? 'page' : 'picture'
      let isHeld = false
      const left = attributes.replace(address, (each, _, double?: string, single?: string, bare?: string) => {
        if (!parts.holds(unescaped(double ?? single ?? bare ?? ''), as)) return each
        isHeld = true
        return ''
      })
      if (!isHeld) return all
      // Without its picture it is a place for the words that it has.
      return name === 'img' && !/\ssrcset\s*=/i.test(left)
        ? `<span${left.replace(/\/\s*$/, '')}></span>`
        : `<${written}${left}>`
    })
    .replace(sheetAddress, (all, double?: string, single?: string, bare?: string) =>
      parts.holds(unescaped(double ?? single ?? bare ?? ''), 'picture') ? 'none' : all,
    )
}

const tag = /<(img|image|v:imagedata|v:fill|body|table|tbody|tr|td|th|div|iframe|frame|link)((?:\s|\/)[^<>]{0,8000})>/gi
const address = /\s(src|background|href|xlink:href|o:href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/gi
const sheetAddress = /url\(\s*(?:"([^"()]{1,4000})"|'([^'()]{1,4000})'|([^"'()\s]{1,4000}))\s*\)/gi

function linked(all: string, attributes: string, parts: PageParts): string {
  const attribute = (name: string) => {
    const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'<>]+))`, 'i').exec(attributes)
    return unescaped(value?.[1] ?? value?.[2] ?? value?.[3] ?? '')
  }
  const kinds = attribute('rel').toLowerCase().split(/\s+/)
  const isShown = kinds.includes('stylesheet') && !kinds.includes('alternate')
  const sheet = isShown ? parts.sheetOf(attribute('href')) : null
  return sheet === null ? all : `<style>${sheet}</style>`
}

function unescaped(value: string): string {
  return value.replaceAll('&amp;', '&').trim()
}
