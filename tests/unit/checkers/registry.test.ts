import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRegistry } from '../../../electron/engine/checkers/create-registry.ts'
import { endOf, type LocalConclusion, type LocalHit } from '../../../electron/engine/checkers/local-checker.ts'
import { registry as product } from '../../../electron/engine/checkers/registry.ts'
import { parseFaultScript } from '../../../electron/engine/sandbox/fault-script.ts'
import { failureCodes } from '../../../shared/failures.ts'
import type { ProfileField } from '../../../shared/platforms.ts'
import { type RuleSeverity, ruleSeverities } from '../../../shared/rules.ts'
import { example } from '../../fixtures/checkers/example/example.ts'
import { houseRule, houseWords } from '../../fixtures/checkers/house-words.ts'

const registry = createRegistry([...product.checkers, example, houseWords])

describe('the registry', () => {
  test('describes a platform that is added to it, with its words in both languages', () => {
    expect(registry.describe().map(({ id }) => id)).toEqual(['wechat', 'qq', 'example'])
    expect(registry.describe().at(-1)).toMatchObject({
      name: { zh: '示例平台', en: 'Example platform' },
      endpoints: [{ id: 'example.review', name: { zh: '文本审核', en: 'Text review' }, takes: 'text', perMinute: 600 }],
      fields: [{ id: 'tenant', label: { zh: '租户', en: 'Tenant' } }],
    })
  })

  test('has every platform say everything in both languages, and link to pages over https', () => {
    for (const { name, endpoints, account, fields, links } of registry.describe()) {
      const said = [
        name,
        links.docsName,
        account.label,
        account.help,
        ...endpoints.map(each => each.name),
        ...fields.flatMap(wordsOf),
      ]
      for (const { zh, en } of said) {
        expect(zh).not.toBe('')
        expect(en).not.toBe('')
      }
      for (const link of [links.docs, links.console]) expect(link).toMatch(/^https:\/\//)
    }
  })

  test('tells each endpoint by its checker', () => {
    for (const { id, endpoints } of registry.checkers) {
      for (const endpoint of endpoints) expect(endpoint.id.startsWith(`${id}.`)).toBe(true)
    }
  })

  test('refuses ids that are not there, that are no platform’s, and that are there twice', () => {
    expect(() => registry.checkerOf('nowhere')).toThrow(expect.objectContaining({ code: 'bad_request' }))
    expect(() => registry.platformOf('house')).toThrow(expect.objectContaining({ code: 'bad_request' }))
    expect(() => createRegistry([example, example])).toThrow()
  })

  test('has one line for each folder', () => {
    const folders = readdirSync(new URL('../../../electron/engine/checkers/', import.meta.url), { withFileTypes: true })
    const platforms = folders.filter(entry => entry.isDirectory() && entry.name !== 'tencent').map(({ name }) => name)
    expect(product.checkers.map(({ id }) => id).toSorted()).toEqual(platforms.toSorted())
  })

  test('gives the sandbox its practices, whose faults can be scripted by their names', async () => {
    const practices = await registry.practices()
    expect(practices.map(({ platform }) => platform)).toEqual(['wechat', 'qq', 'example'])
    const scriptFor = (endpoint: string) => ({ rules: [{ endpoint, when: { always: true }, then: 'reset' }] })
    for (const endpoint of ['example.review', 'example.*']) {
      expect(parseFaultScript(scriptFor(endpoint), practices).kind).toBe('script')
      expect(parseFaultScript(scriptFor(endpoint), practices.slice(0, 2)).kind).toBe('invalid')
    }
  })
})

const hitOf = (severity: RuleSeverity): LocalHit => ({
  rule: houseRule('词', severity),
  bookVersion: 'v',
  range: null,
  matched: '',
})

describe('what is found on this machine', () => {
  const hits = fc.array(fc.constantFrom(...ruleSeverities).map(hitOf), { maxLength: 5 })
  const conclusion: fc.Arbitrary<LocalConclusion> = fc.oneof(
    hits.map(all => ({ kind: 'looked', hits: all, more: 0 }) as const),
    fc
      .constantFrom(...failureCodes)
      .map(code => ({ kind: 'failure', class: 'BUG', code, detail: '', evidence: null }) as const),
  )

  test('never is a pass, whatever was concluded', () => {
    fc.assert(
      fc.property(conclusion, given => {
        const { verdict, failure } = endOf(given)
        expect(['review', 'risky', null]).toContain(verdict)
        // Either it holds the asset up, or it says why it says nothing.
        expect(verdict === null).toBe(failure !== null)
      }),
    )
  })

  test('is as bad as the worst of its hits, and a note holds nothing up', () => {
    const of = (...given: readonly RuleSeverity[]) => endOf({ kind: 'looked', hits: given.map(hitOf), more: 0 }).verdict
    expect(of('notice', 'forbidden', 'evidence')).toBe('risky')
    expect(of('notice', 'evidence')).toBe('review')
    expect(of('notice')).toBeNull()
    expect(of()).toBeNull()
  })
})

function wordsOf(field: ProfileField): readonly { readonly zh: string; readonly en: string }[] {
  const own = [field.label, ...(field.help === null ? [] : [field.help])]
  switch (field.kind) {
    case 'line':
      return [...own, ...[field.placeholder, field.wrong].filter(words => words !== null)]
    case 'lines':
      return [...own, field.counted]
    case 'choice':
      return [...own, ...field.options.map(({ label }) => label)]
    case 'switch':
      return [...own, ...field.fields.flatMap(wordsOf)]
  }
}
