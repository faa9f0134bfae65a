import { drop } from '../features/drop/contribution.ts'
import { files } from '../features/files/contribution.ts'
import { grid } from '../features/grid/contribution.ts'
import { history } from '../features/history/contribution.ts'
import { inspector } from '../features/inspector/contribution.ts'
import { palette } from '../features/palette/contribution.ts'
import { profiles } from '../features/profiles/contribution.ts'
import { queue } from '../features/queue/contribution.ts'
import { reports } from '../features/reports/contribution.ts'
import { review } from '../features/review/contribution.ts'
import { rules } from '../features/rules/contribution.ts'
import { settings } from '../features/settings/contribution.ts'
import type { ContributedView, Contribution } from '../state/contribution.ts'
import { frame } from './contribution.ts'

/** All that the window is made of; views are in the side bar in this order. docs/extending.md says how to add one. */
export const contributions: readonly Contribution[] = [
  grid,
  history,
  rules,
  queue,
  profiles,
  settings,
  inspector,
  drop,
  files,
  review,
  reports,
  palette,
  frame,
]

export const views: readonly ContributedView[] = contributions.flatMap(({ view }) => view ?? [])
