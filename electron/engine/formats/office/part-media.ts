import type { Relationship } from '../docx/office-package.ts'
import type { XmlElement } from '../xml/read-xml.ts'

/** What leads from a part to a picture or a recording. */
export const pictureTypes: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'media'])

/** Where a part leads to, in the order in which its markup speaks of it; what it does not speak of comes last. */
export function inMarkupOrder(root: XmlElement, relationships: readonly Relationship[]): readonly Relationship[] {
  const byId = new Map(relationships.map(each => [each.id, each]))
  const met = new Set<Relationship>()
  const stack: XmlElement[] = [root]
  for (let element = stack.pop(); element !== undefined && met.size < byId.size; element = stack.pop()) {
    for (const { value } of element.attributes) {
      const named = byId.get(value)
      if (named !== undefined) met.add(named)
    }
    for (const child of element.children.toReversed()) if (child.kind === 'element') stack.push(child)
  }
  return [...new Set([...met, ...relationships])]
}
