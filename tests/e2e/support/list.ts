import { fakeStates } from './fake-state.ts'
import { views } from './views.ts'

/** The page that `npm run harness` begins with: a link to every view in every state, language and theme. */
const appearances = (['zh', 'en'] as const).flatMap(language =>
  (['light', 'dark'] as const).map(theme => ({ language, theme })),
)

const table = document.getElementById('list')
for (const view of Object.keys(views)) {
  for (const state of fakeStates) {
    const row = document.createElement('tr')
    const head = document.createElement('th')
    head.textContent = `${view} · ${state}`
    row.append(head)
    for (const appearance of appearances) {
      const cell = document.createElement('td')
      const link = document.createElement('a')
      link.href = `fake.html?${new URLSearchParams({ view, state, ...appearance })}`
      link.textContent = `${appearance.language} ${appearance.theme}`
      cell.append(link)
      row.append(cell)
    }
    table?.append(row)
  }
}
