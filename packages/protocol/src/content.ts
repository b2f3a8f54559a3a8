import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** What a person, or another program, puts into a turn. */
export type InputPart =
  | { readonly type: "text"; readonly text: string }
  /** `data` is base64. */
  | { readonly type: "image"; readonly mediaType: string; readonly data: string; readonly name?: string | undefined }

/** What a tool gives the model. */
export type ContentBlock = InputPart

export const InputPart = lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("text"), text: z.string() }),
    z.object({ type: z.literal("image"), mediaType: z.string(), data: z.string(), name: z.string().optional() }),
  ]),
)

/**
 * What a front-end draws for a tool's result, chosen by `kind` and never by the tool's name.
 * `body` is plain text; a front-end that does not know a kind shows `body`.
 */
export interface HumanView {
  readonly kind: "text" | "listing" | "diff" | "file" | "command" | "matches" | "drawing"
  readonly body: string
  /** One line: `84 lines`, `12 hits, 5 files`, `+9 −4`, `exit 0`. */
  readonly summary?: string | undefined
}

export const HumanView = lazy(() =>
  z.object({
    kind: z.enum(["text", "listing", "diff", "file", "command", "matches", "drawing"]),
    body: z.string(),
    summary: z.string().optional(),
  }),
)

/** Opaque bytes of a provider: sent back unchanged, in place, to the same wire, provider and model; dropped for another. */
export interface ProviderData {
  readonly wire: string
  readonly provider: string
  readonly model: string
  readonly data: unknown
}

export const ProviderData = lazy(() =>
  z.object({ wire: z.string(), provider: z.string(), model: z.string(), data: z.unknown() }),
)

/** Tokens of one model reply. `input` excludes what came from or went into the cache; `output` includes `reasoning`. */
export interface Usage {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
  /** Searches that the provider did, where it counts them. */
  readonly searches?: number | undefined
  /** Of `cacheWrite`: what is kept for an hour, where a provider asks another price for that. */
  readonly cacheWriteLong?: number | undefined
  /** True when the provider left usage out and the counts are our estimate. */
  readonly isEstimated?: boolean | undefined
}

export const Usage = lazy(() =>
  z.object({
    input: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    output: z.number(),
    reasoning: z.number(),
    searches: z.number().optional(),
    cacheWriteLong: z.number().optional(),
    isEstimated: z.boolean().optional(),
  }),
)

/** A file that a call changed. `before` and `after` are SHA-256 of the bytes, null where there is no file. */
export interface FileChange {
  readonly path: string
  readonly kind: "add" | "update" | "delete"
  readonly before: string | null
  readonly after: string | null
  /** Unified diff, bounded; absent for binary files. */
  readonly diff?: string | undefined
}

export const FileChange = lazy(() =>
  z.object({
    path: z.string(),
    kind: z.enum(["add", "update", "delete"]),
    before: z.string().nullable(),
    after: z.string().nullable(),
    diff: z.string().optional(),
  }),
)
