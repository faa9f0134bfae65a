import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDocuments } from '../../../electron/engine/formats/documents/documents.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { pdfOf, type Written, words } from '../../unit/formats/pdf-file.ts'

/** A PDF of so many pages with a line of words each. */
function book(pages: number): Uint8Array {
  const first = 10
  const objects: Record<number, Written> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, at) => `${first + 2 * at} 0 R`).join(' ')}] >>`,
    3: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  }
  for (let at = 0; at < pages; at += 1) {
    const page = first + 2 * at
    objects[page] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Resources << /Font << /F1 3 0 R >> >> /Contents ${page + 1} 0 R >>`
    objects[page + 1] = { dictionary: '', data: words(`page ${at + 1}`).repeat(200) }
  }
  return pdfOf(objects)
}

test('a long document says at which page its reading is, and ends at once when somebody gives it up', async () => {
  const path = join(await temporaryFolder(), '手册.pdf')
  const bytes = book(1500)
  await writeFile(path, bytes)
  const told = Promise.withResolvers<void>()
  const documents = createDocuments({ onProgress: () => told.resolve() })
  onTestFinished(() => documents.close())
  const stop = new AbortController()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const survey = documents.survey({ format: 'pdf', path, sha256 }, stop.signal)
  survey.catch(() => undefined)
  await told.promise
  expect(documents.atWork()).toEqual([{ name: '手册.pdf', page: { done: expect.any(Number), of: 1500 } }])
  const gaveUp = performance.now()
  stop.abort(new Error('given up'))
  await expect(survey).rejects.toThrow('given up')
  expect(performance.now() - gaveUp).toBeLessThan(500)
})
