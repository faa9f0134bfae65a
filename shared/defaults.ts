import type { ScreenOptions } from './screening.ts'
import type { Settings } from './settings.ts'

/** What the schemas fill in, for the window, which shows it before it has any reason to load a parser. */
export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  reviewer: '',
  blur: 'strong',
  reveal: 'hold',
  grey: false,
  hoverPreview: true,
  density: 176,
  shapes: {},
  stacks: false,
  reasons: [],
  keys: {},
  views: [],
  quotaZone: 'Asia/Shanghai',
  quotaHour: 0,
  reuseDays: 7,
  pushDeadlineMinutes: 30,
  weakVaultAccepted: false,
  keepYears: 3,
  notifications: true,
  lastProfiles: ['practice'],
  sideBar: true,
  inspector: true,
  rules: true,
  ruleScopes: null,
}

export const defaultScreenOptions: ScreenOptions = {
  imageMode: 'auto',
  maxTiles: 60,
  reuseDays: 7,
  textColumn: null,
  urlColumn: null,
  tables: [],
  guessColumns: false,
  urlList: false,
  allowPrivateUrls: false,
  title: null,
  nickname: null,
  signature: null,
  waitForQuota: false,
  notes: 'keep',
  rules: { books: null, scopes: null },
}
