import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createUnpacked } from '../../../electron/engine/intake/unpacked.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'
import { campaignMail, letterFields, mailOf, packed, several } from '../../fixtures/formats/mails.ts'
import { archiveOf } from '../../fixtures/formats/zips.ts'
import { findAll, never, png, summary, temporaryFolder } from './harness.ts'

const attached = (name: string, body: string) =>
  packed(['Content-Type: application/octet-stream', `Content-Disposition: attachment; filename="${name}"`], body)
let boundaries = 0
const mailWith = (...files: readonly ReturnType<typeof packed>[]) =>
  mailOf(
    several('mixed', `b${++boundaries}`, packed(['Content-Type: text/plain; charset=utf-8'], '正文'), ...files),
    ...letterFields,
  )

async function findIn(name: string, bytes: Uint8Array) {
  const file = join(await temporaryFolder(), name)
  await writeFile(file, bytes)
  return { file, found: summary(await findAll([file])) }
}

test('What is attached to a mail is an asset beside it.', async () => {
  const { file, found } = await findIn('活动.eml', campaignMail('全场八折', png))
  expect(found).toEqual({ '活动.eml': 'document', '活动.eml/文案.txt': 'text' })
  const unpacked = createUnpacked(join(await temporaryFolder(), 'unpacked'), documentsInProcess)
  const path = await unpacked.file({ archive: file, entries: ['文案.txt'], nameEncoding: null }, never)
  expect(await readFile(String(path), 'utf8')).toBe('附件里的文案')
})

test('Attachments of one name are two, names are no paths and hide nothing, and what is not read says so.', async () => {
  const files = [
    attached('a.txt', '一'),
    attached('a.txt', '二'),
    attached('../../b.txt', '三'),
    attached('c.bin', '\0\u0001\u0002'),
  ]
  expect((await findIn('a.eml', mailWith(...files))).found).toEqual({
    'a.eml': 'document',
    'a.eml/.._.._b.txt': 'text',
    'a.eml/a (2).txt': 'text',
    'a.eml/a.txt': 'text',
    'a.eml/c.bin': 'unsupported_type',
  })
})

test('An attachment that is damaged in its mail is unchecked.', async () => {
  const { header } = attached('a.txt', '一')
  expect((await findIn('a.eml', mailWith({ header, body: '5Li*A' }))).found).toEqual({
    'a.eml': 'document',
    'a.eml/a.txt': 'damaged_document',
  })
})

test('Mails in mails and archives are walked up to the depth of archives; one without attachments is read there too.', async () => {
  const wrapped = (inner: Buffer, name: string) =>
    mailWith({
      header: ['Content-Type: message/rfc822', `Content-Disposition: attachment; filename="${name}"`],
      body: inner,
    })
  let mail = mailWith()
  for (let depth = 4; depth > 0; depth--) mail = wrapped(mail, `${depth}.eml`)
  const within = archiveOf([{ name: '0.eml', content: mail }])
  expect((await findIn('a.zip', within)).found).toEqual({
    'a.zip/0.eml': 'document',
    'a.zip/0.eml/1.eml': 'document',
    'a.zip/0.eml/1.eml/2.eml': 'document',
    'a.zip/0.eml/1.eml/2.eml/3.eml': 'document',
    'a.zip/0.eml/1.eml/2.eml/3.eml#attachments': 'too_large',
  })
})
