import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** Permission mode: what may run without asking. What the OS forbids even then is the sandbox's. */
export const MODES = ["plan", "ask", "accept-edits", "auto", "full"] as const
export type Mode = (typeof MODES)[number]

/** What the operating system lets a tool's process do. */
export const SANDBOXES = ["read-only", "workspace-write", "full-access"] as const
export type Sandbox = (typeof SANDBOXES)[number]

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const
export type Effort = (typeof EFFORTS)[number]

/** What holds for a session until changed; a change takes effect with the next step. */
export interface Settings {
  /** `provider/model`; the part after the first slash may hold slashes. */
  readonly model: string
  readonly mode: Mode
  readonly sandbox: Sandbox
  readonly effort?: Effort | undefined
  /** Folders beside the workspace that tools may read and write. Absolute. */
  readonly extraRoots: readonly string[]
  readonly limits: Limits
  /** The final message must be JSON of this schema. */
  readonly outputSchema?: { readonly name: string; readonly schema: unknown } | undefined
  /** When given, the model sees only these tools. */
  readonly tools?: readonly string[] | undefined
}

/** Absent means: no such limit. Money in micro-USD, so that sums stay whole numbers. */
export interface Limits {
  readonly stepsMax?: number | undefined
  readonly tokensMax?: number | undefined
  readonly microUsdMax?: number | undefined
}

const shape = lazy(() => ({
  model: z.string().min(1),
  mode: z.enum(MODES),
  sandbox: z.enum(SANDBOXES),
  effort: z.enum(EFFORTS).optional(),
  extraRoots: z.array(z.string()),
  limits: z.object({
    stepsMax: z.int().min(1).optional(),
    tokensMax: z.int().min(1).optional(),
    microUsdMax: z.int().min(1).optional(),
  }),
  outputSchema: z.object({ name: z.string(), schema: z.unknown() }).optional(),
  tools: z.array(z.string()).optional(),
}))

export const Settings = lazy(() => z.object(shape()))
export const SettingsChange = lazy(() => {
  const { outputSchema, ...rest } = shape()
  return z.object({ ...rest, outputSchema: outputSchema.nullable() }).partial()
})
/** Only what is given changes. An output schema is taken away again by null. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined | Removable<K> }
type Removable<K extends keyof Settings> = K extends "outputSchema" ? null : never

/** One standing permission. All given conditions must hold; the strictest matching rule wins. */
export interface Rule {
  /** A tool's name, or `*`. */
  readonly tool: string
  /** For commands: the text must be this, or start with it and a space when it ends in ` *`. */
  readonly command?: string | undefined
  /** For files: this path or anything below it. Absolute. */
  readonly path?: string | undefined
  readonly decision: "allow" | "ask" | "deny"
  readonly scope: "session" | "project" | "user" | "managed"
  readonly reason?: string | undefined
}

export const Rule = lazy(() =>
  z.object({
    tool: z.string(),
    command: z.string().optional(),
    path: z.string().optional(),
    decision: z.enum(["allow", "ask", "deny"]),
    scope: z.enum(["session", "project", "user", "managed"]),
    reason: z.string().optional(),
  }),
)
