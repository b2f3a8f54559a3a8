import type { MissCause } from "./cache.ts"
import type { Usage } from "./content.ts"
import type { Immutable } from "./events/define.ts"
import type { PARENTHOODS, Visibility } from "./events/session.ts"
import type { SessionId, TurnId } from "./ids.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"
import { TOPICS, type Topics } from "./topics.ts"

/** Which sessions a list is about. Archived ones, and those made by programs, only when asked for. */
export const SessionFilter = lazy(() =>
  z.object({
    /** Sessions of this folder, whatever it was called when they were made. */
    cwd: z.string().optional(),
    limit: z.int().min(1).optional(),
    includesArchived: z.boolean().optional(),
    includesNonInteractive: z.boolean().optional(),
    /** Also the children of other sessions, which are gone on with from there. */
    includesSubagents: z.boolean().optional(),
    label: z.string().optional(),
    /** Those that are about this, mostly or besides. */
    topic: z.enum(TOPICS).optional(),
  }),
)
export type SessionFilter = Immutable<z.infer<ReturnType<typeof SessionFilter>>>

/** One row of a session list, newest first. */
export interface SessionSummary {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly title?: string | undefined
  /** The first thing the person said, bounded. */
  readonly preview: string
  readonly isInteractive: boolean
  readonly isArchived: boolean
  readonly labels?: readonly string[] | undefined
  readonly topics?: Topics | undefined
  readonly visibility?: Visibility | undefined
  readonly parent?: { readonly sessionId: SessionId; readonly kind: (typeof PARENTHOODS)[number] } | undefined
  /** The program whose log it was made from. */
  readonly importedFrom?: string | undefined
  readonly model?: string | undefined
  readonly turns?: number | undefined
}

/** One session that holds the words searched for, and where. Best first. */
export interface SearchHit {
  readonly session: SessionSummary
  /** The words in their surroundings, bounded; what matched stands between U+E000 and U+E001. */
  readonly snippet: string
  readonly turnId?: TurnId | undefined
  readonly seq: number
}

/** The conversation as a tree of turns. Its root is the empty conversation. */
export interface SessionTree {
  readonly turns: readonly TreeTurn[]
  /** The newest turn of the conversation as it stands; undefined when it is empty. */
  readonly current?: TurnId | undefined
}

export interface TreeTurn {
  readonly turnId: TurnId
  /** The turn it continues; undefined for a first one. */
  readonly parentTurnId?: TurnId | undefined
  /** The last event before it began, and its own last: what to rewind to. */
  readonly beforeSeq: number
  readonly endSeq: number
  readonly at: number
  /** The start of what the person said. */
  readonly preview: string
  readonly label?: string | undefined
  /** Whether it is part of the conversation as it stands. */
  readonly isCurrent: boolean
  readonly filesChanged: number
}

/** What a rewind would take back. */
export interface RewindPreview {
  readonly toSeq: number
  /** Turns that leave the conversation, or come back to it. */
  readonly turns: readonly TurnId[]
  readonly files: readonly FileAction[]
  /** What was not watched and so cannot be put back, in sentences. */
  readonly notCovered: readonly string[]
}

export interface FileAction {
  readonly path: string
  readonly action: "create" | "restore" | "delete" | "none"
  /** Why it would be refused: something else changed it since. */
  readonly conflict?: string | undefined
}

export interface CheckpointSummary {
  /** The turn that one can go back before. */
  readonly turnId: TurnId
  readonly beforeSeq: number
  readonly at: number
  readonly preview: string
  readonly paths: readonly string[]
  readonly notCovered: readonly string[]
}

export interface PathDiff {
  readonly path: string
  /** Unified; a sentence for what is no text. */
  readonly diff: string
  /** It is, or was, a folder: no file differs here. */
  readonly isFolder?: true | undefined
  /** Of the file as it is now, where there is one: what `files.revert` is told. */
  readonly sha256?: string | undefined
}

export interface CompactionPreview {
  readonly tokensBefore: number
  /** Estimated. */
  readonly tokensAfter: number
  readonly contextTokensMax?: number | undefined
  /** The tokens at which it happens by itself; undefined when the model's window is not known. */
  readonly triggerTokens?: number | undefined
  /** In sentences, each with its size. */
  readonly kept: readonly string[]
  readonly dropped: readonly string[]
  /** Inputs of the person that stay word for word, and all of them. */
  readonly inputsKept: number
  readonly inputs: number
}

export interface PromptRecord {
  readonly sessionId: SessionId
  readonly at: number
  readonly text: string
}

/** What a person's turns were like, by their own logs: medians of the newest of them. */
export interface TypicalTurns {
  /** How many were looked at. */
  readonly turns: number
  /** Tokens of one turn; undefined when there were none. */
  readonly usage?: Usage | undefined
  readonly models: readonly TypicalTurn[]
}

/** Of the turns that this model alone answered. */
export interface TypicalTurn {
  readonly model: string
  readonly turns: number
  /** How long the model took in all of a turn. */
  readonly turnMs: number
  readonly firstTokenMs?: number | undefined
}

/** Tokens, money and time, of one session or of all. Money in micro-USD; absent when no price was known. */
export interface UsageReport {
  readonly total: UsageRow
  readonly sessions: readonly (UsageRow & { readonly sessionId: SessionId; readonly preview: string })[]
  readonly days: readonly (UsageRow & { readonly day: string })[]
  readonly models: readonly (UsageRow & { readonly model: string })[]
  /** With `sessionId`: each turn. */
  readonly turns: readonly (UsageRow & { readonly turnId: TurnId; readonly preview: string })[]
}

export interface UsageRow {
  readonly steps: number
  readonly usage: Usage
  readonly microUsd?: number | undefined
  /** All time that models took to answer. */
  readonly modelMs: number
  /** Median time to the first token. */
  readonly firstTokenMs?: number | undefined
  /** Tokens of output a second, from the first one on. */
  readonly tokensPerSecond?: number | undefined
  /** What the provider's cache could have held and did not, by its cause; the largest first. */
  readonly misses?: readonly MissRow[] | undefined
}

export interface MissRow {
  readonly cause: MissCause
  readonly steps: number
  readonly tokens: number
}
