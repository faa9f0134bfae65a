import { relationships, zipOf } from './zip-file.ts'

/** A presentation of one slide with these words. */
export function plainPresentation(words: string): Buffer {
  return zipOf({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships(['officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml':
      '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
    'ppt/_rels/presentation.xml.rels': relationships(['slide', 'slides/slide1.xml']),
    'ppt/slides/slide1.xml': `<p:sld xmlns:p="p" xmlns:a="a"><p:txBody><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:txBody></p:sld>`,
  })
}

/** An OpenDocument file of this kind whose body shows these words. */
export function plainOpenDocument(kind: 'text' | 'presentation' | 'spreadsheet' | 'graphics', words: string): Buffer {
  const body = `<office:body><office:${kind}><text:p>${words}</text:p></office:${kind}></office:body>`
  return zipOf({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t">${body}</office:document-content>`,
  })
}

/** A book of one page with these words. */
export function plainBook(words: string): Buffer {
  return zipOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
    'book.opf':
      '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
    'a.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml"><body><p>${words}</p></body></html>`,
  })
}
