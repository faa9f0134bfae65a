import { z } from 'zod'
import { languages } from './language.ts'
import { ruleScopes } from './rules.ts'

/** What a person sets in the window; stored beside the profiles, never with secrets. */
const shape = {
  language: z.enum(['system', ...languages]).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  reviewer: z.string().trim().max(80).default(''),
  blur: z.enum(['off', 'light', 'strong']).default('strong'),
  /** In review mode what is blurred is revealed while a key is held, or all along. */
  reveal: z.enum(['hold', 'stay']).default('hold'),
  grey: z.boolean().default(false),
  /** What the pointer rests on in the grid is shown larger beside it. */
  hoverPreview: z.boolean().default(true),
  /** Width of a grid cell in pixels. */
  density: z.int().min(96).max(400).default(176),
  /** Assets that are the same are shown as one. */
  stacks: z.boolean().default(false),
  /** How the assets of a view are shown, by its filter as text. */
  shapes: z.record(z.string().max(4000), z.enum(['grid', 'list'])).default({}),
  /** Texts of the reasons behind the keys 1–9; empty until somebody writes their own, and then the first set counts (reasons.ts). */
  reasons: z.array(z.string().trim().max(60)).max(9).default([]),
  /** Action → key combination, where it differs from the default. */
  keys: z.record(z.string(), z.string()).default({}),
  views: z
    .array(z.strictObject({ id: z.string(), name: z.string().trim().min(1).max(60), filter: z.string().max(4000) }))
    .max(50)
    .default([]),
  /** IANA zone and hour at which the platforms' day is taken to begin (spec §7.5: unverified). */
  quotaZone: z.string().default('Asia/Shanghai'),
  quotaHour: z.int().min(0).max(23).default(0),
  reuseDays: z.int().min(0).max(365).default(7),
  /** How long a platform's push is awaited; it comes within 30 minutes (spec §3.2). */
  pushDeadlineMinutes: z.int().min(1).max(1440).default(30),
  /** The user chose to store secrets although this machine has no keychain. */
  weakVaultAccepted: z.boolean().default(false),
  keepYears: z.int().min(1).max(30).default(3),
  notifications: z.boolean().default(true),
  /** Notifications name the batch; without, they have numbers only. */
  notificationNames: z.boolean().default(false),
  lastProfiles: z.array(z.string()).default(['practice']),
  /** Whether the panes beside the grid are there, where the window has room for them. */
  sideBar: z.boolean().default(true),
  inspector: z.boolean().default(true),
  /** Whether new batches are checked by rules too, and by those of which trades; null for all. */
  rules: z.boolean().default(true),
  ruleScopes: z.array(z.enum(ruleScopes)).nullable().default(null),
}

/** As stored: what is missing gets its default, what a newer program added is left alone. */
export const settingsSchema = z.object(shape)
export type Settings = z.infer<typeof settingsSchema>

type Patch = { [Key in keyof typeof shape]: z.ZodOptional<ReturnType<(typeof shape)[Key]['unwrap']>> }

/** Some of the settings: what is not named stays as it is, so here nothing has a default. */
export const settingsPatchSchema = z.strictObject(
  Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, field.unwrap().optional()])) as Patch,
)
