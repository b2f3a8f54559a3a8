import {
  EFFORTS,
  type Effort,
  MODES,
  type Mode,
  NETWORKS,
  OPTIMIZES,
  type Optimize,
  ROUTINGS,
  type Routing,
  SANDBOXES,
  type Sandbox,
  SEARCH_SIZES,
  TIERS,
  type Tier,
  VERBOSITIES,
  type Verbosity,
  WEB_SEARCHES,
} from "./choices.ts"
import { idSchema } from "./id-schema.ts"
import type { RuleId } from "./ids.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** What holds for a session until changed; a change takes effect with the next step, of what may be done with the next call. */
export interface Settings {
  /** `provider/model`; the part after the first slash may hold slashes. */
  readonly model: string
  /** The tier that the model and effort are of; absent when the person chose a model by name. */
  readonly tier?: Tier | undefined
  /** Each turn gets the tier that its prompt needs, of the same provider. Ends when the person chooses a model or a tier. */
  readonly routing?: Routing | undefined
  /** What is wanted of it. Absent: `balanced`. */
  readonly optimize?: Optimize | undefined
  readonly mode: Mode
  readonly sandbox: Sandbox
  /** What tools' processes may reach; absent: asked about, host by host. */
  readonly network?: Network | undefined
  /** Commands that would be asked about run in a layer first, so that a person approves what they did. */
  readonly approveEffects?: boolean | undefined
  /** A turn works in a layer over the folders, without network: at its end a person keeps all of it or nothing. */
  readonly dryRun?: boolean | undefined
  readonly effort?: Effort | undefined
  readonly verbosity?: Verbosity | undefined
  /** The output style that the model answers in: a name; absent: as usual. Takes effect with the next turn. */
  readonly outputStyle?: string | undefined
  /** What the model's provider may search for it; absent: nothing. */
  readonly webSearch?: WebSearch | undefined
  /** How many tokens that model's window holds, as the person says; it means nothing for another model. */
  readonly window?: { readonly model: string; readonly tokens: number } | undefined
  /** `provider/model` that the rest of a turn asks when its model stays overloaded; absent: none but that one is asked. */
  readonly fallbackModel?: string | undefined
  /** Folders beside the workspace that tools may read and write. Absolute. */
  readonly extraRoots: readonly string[]
  readonly limits: Limits
  /** The final message must be JSON of this schema. */
  readonly outputSchema?: { readonly name: string; readonly schema: unknown } | undefined
  /** When given, the model sees only these tools: names, and globs as `mcp__*`. */
  readonly tools?: readonly string[] | undefined
  /** Tokens of the repository map that stands before the conversation. Absent or 0: none does. */
  readonly repoMapTokens?: number | undefined
  /** Names, and globs as `web*`, of tools that the model does not have; stronger than `tools`. */
  readonly toolsDenied?: readonly string[] | undefined
  /** What a model is told when it sums the conversation up, in place of skein's own words. */
  readonly compactPrompt?: string | undefined
  /** What a client gives the session to go by; it stands with skein's own instructions. Takes effect with the next turn. */
  readonly instructions?: Instructions | undefined
  /** Commands whose exit code says how things are, beside those that are known to (tests, builds, linters): `make accept`. */
  readonly checks?: readonly string[] | undefined
}

export interface Instructions {
  /** In the place of skein's own. */
  readonly text?: string | undefined
  /** Behind them. */
  readonly append?: string | undefined
}

/** What tools' processes may reach. skein's own requests to models are not meant. */
export interface Network {
  readonly access: (typeof NETWORKS)[number]
  /** `host`, `*.host`, either with `:port`. Private addresses only when they are named literally. */
  readonly allow: readonly string[]
}

/** A search that the model's own provider does. Its queries, and what it finds, are between the model and its provider. */
export interface WebSearch {
  readonly access: (typeof WEB_SEARCHES)[number]
  /** As the provider has it when absent. */
  readonly contextSize?: (typeof SEARCH_SIZES)[number] | undefined
  /** Nothing but these and their subdomains is searched; absent: the whole web. A provider that cannot be held to it searches nothing. */
  readonly allowedDomains?: readonly string[] | undefined
  /** Roughly where the person is. */
  readonly location?: SearchLocation | undefined
}
export interface SearchLocation {
  /** Two letters, as `DE`. */
  readonly country?: string | undefined
  readonly region?: string | undefined
  readonly city?: string | undefined
  /** As `Europe/Berlin`. */
  readonly timezone?: string | undefined
}

/** Of one turn where nothing else is said. Absent means: no such limit. Money in micro-USD, so that sums stay whole numbers. */
export interface Limits {
  readonly stepsMax?: number | undefined
  readonly tokensMax?: number | undefined
  readonly microUsdMax?: number | undefined
  /** Of the whole session. */
  readonly sessionMicroUsdMax?: number | undefined
  /** Of the person's day, over all their sessions. */
  readonly dayMicroUsdMax?: number | undefined
}

const shape = lazy(() => ({
  model: z.string().min(1),
  tier: z.enum(TIERS).optional(),
  routing: z.enum(ROUTINGS).optional(),
  optimize: z.enum(OPTIMIZES).optional(),
  mode: z.enum(MODES),
  sandbox: z.enum(SANDBOXES),
  network: z.object({ access: z.enum(NETWORKS), allow: z.array(z.string()) }).optional(),
  approveEffects: z.boolean().optional(),
  dryRun: z.boolean().optional(),
  effort: z.enum(EFFORTS).optional(),
  verbosity: z.enum(VERBOSITIES).optional(),
  outputStyle: z.string().min(1).optional(),
  repoMapTokens: z.int().min(0).optional(),
  webSearch: z
    .object({
      access: z.enum(WEB_SEARCHES),
      contextSize: z.enum(SEARCH_SIZES).optional(),
      allowedDomains: z.array(z.string()).optional(),
      location: z
        .object({
          country: z.string().optional(),
          region: z.string().optional(),
          city: z.string().optional(),
          timezone: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  window: z.object({ model: z.string(), tokens: z.int().min(1) }).optional(),
  fallbackModel: z.string().min(1).optional(),
  extraRoots: z.array(z.string()),
  limits: z.object({
    stepsMax: z.int().min(1).optional(),
    tokensMax: z.int().min(1).optional(),
    microUsdMax: z.int().min(1).optional(),
    sessionMicroUsdMax: z.int().min(1).optional(),
    dayMicroUsdMax: z.int().min(1).optional(),
  }),
  outputSchema: z.object({ name: z.string(), schema: z.unknown() }).optional(),
  tools: z.array(z.string()).optional(),
  toolsDenied: z.array(z.string()).optional(),
  compactPrompt: z.string().min(1).max(20_000).optional(),
  instructions: z
    .object({ text: z.string().max(200_000).optional(), append: z.string().max(200_000).optional() })
    .optional(),
  checks: z.array(z.string()).optional(),
}))

export const Settings = lazy(() => z.object(shape()))
export const SettingsChange = lazy(() => {
  const { outputSchema, tier, routing, effort, verbosity, outputStyle, ...rest } = shape()
  const removable = {
    outputSchema: outputSchema.nullable(),
    tier: tier.nullable(),
    routing: routing.nullable(),
    effort: effort.nullable(),
    verbosity: verbosity.nullable(),
    outputStyle: outputStyle.nullable(),
  }
  return z.object({ ...rest, ...removable }).partial()
})
/**
 * Only what is given changes. An output schema, a tier, a routing, an effort, a verbosity or an output style is taken away again by null. A tier sets its model and
 * effort, unless they are given beside it; a model by itself ends the tier, and both end routing.
 */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined | Removable<K> }
type Removable<K extends keyof Settings> = K extends
  | "outputSchema"
  | "tier"
  | "routing"
  | "effort"
  | "verbosity"
  | "outputStyle"
  ? null
  : never

export const RULE_SCOPES = ["once", "session", "project", "user", "managed"] as const
export type RuleScope = (typeof RULE_SCOPES)[number]

/** One standing permission. All given conditions must hold; the strictest matching rule wins: deny, then ask, then allow. */
export interface Rule {
  /** Given to rules that were added, so that they can be removed; a rule of a file has none. */
  readonly id?: RuleId | undefined
  /** A tool's name; `*` at its end stands for any rest: `*`, `mcp__github__*`. */
  readonly tool: string
  /** For commands: the words of one simple command; ` *` at the end stands for any further words that are as harmless. */
  readonly command?: string | undefined
  /** For commands: its first words, each one word or a choice of them. */
  readonly prefix?: readonly (string | readonly string[])[] | undefined
  /** For files: this path or anything below it, absolute; with `*`, `**` or `?` in it, what that matches. */
  readonly path?: string | undefined
  /** For files: only this way of touching them. */
  readonly access?: "read" | "write" | undefined
  /** For the network: `host`, `*.host`, either with `:port`. */
  readonly host?: string | undefined
  /** For what is written: only where this pattern is found in it. Of a rule that asks or denies. */
  readonly content?: string | undefined
  /** Only for calls of this sub-agent. */
  readonly agent?: string | undefined
  readonly decision: "allow" | "ask" | "deny"
  /** What it says nothing about, of what the conditions above cover. */
  readonly except?: readonly RulePattern[] | undefined
  /** `once`: until the turn ends that was open when it was added. */
  readonly scope: RuleScope
  readonly reason?: string | undefined
  /** Milliseconds since the epoch; from then on the rule is as if it were not there. */
  readonly expiresAt?: number | undefined
  /** For people: the file it came from. */
  readonly source?: string | undefined
}

/** What calls a rule is about. */
export type RulePattern = Pick<Rule, "tool" | "command" | "prefix" | "path" | "access" | "host">

const RulePattern = lazy(() =>
  z.object({
    tool: z.string(),
    command: z.string().optional(),
    prefix: z.array(z.union([z.string(), z.array(z.string()).min(1)])).optional(),
    path: z.string().optional(),
    access: z.enum(["read", "write"]).optional(),
    host: z.string().optional(),
  }),
)

export const Rule = lazy(() =>
  RulePattern().extend({
    id: idSchema("rul").optional(),
    except: z.array(RulePattern()).optional(),
    content: z.string().optional(),
    agent: z.string().optional(),
    decision: z.enum(["allow", "ask", "deny"]),
    scope: z.enum(RULE_SCOPES),
    reason: z.string().optional(),
    expiresAt: z.number().optional(),
    source: z.string().optional(),
  }),
)
