import type { CommandReply, Query, QueryAnswer, SessionId, SessionView } from "@skein/protocol"
import type { ShortenedInput } from "../context/ledger.ts"
import type { ExpandedPrompt, OriginsPort, Place, PromptsPort, StyleInfo } from "../ports/index.ts"

/** One `/word`. What it says comes from asking; what it does is left to the client that ran it. */
export interface Command {
  readonly name: string
  readonly aliases?: readonly string[] | undefined
  /** Short enough that name and summary fit on one line of 80 columns. */
  readonly summary: string
  /** How its arguments are written; empty when it takes none. */
  readonly usage: string
  /** Whether it means something while a turn runs. */
  readonly whileBusy: boolean
  /** It asks before it does anything, unless its last argument is `yes`. */
  readonly isAsking?: boolean | undefined
  /** Changes nothing. Throws SkeinError for what cannot be asked for, in words for the person. */
  run(args: string, world: CommandWorld): CommandReply | Promise<CommandReply>
}

/** What a command may know. */
export interface CommandWorld {
  readonly sessionId: SessionId
  /** Milliseconds since the epoch. */
  readonly now: number
  ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>>
  /** The session as it stands. Its transcript is asked for only where it is shown: the whole of it can be long. */
  facts(): Promise<SessionFacts>
  readonly origins: OriginsPort
  /** What the person said that the newest compaction shortened and was not restored since, in order. */
  shortened(): Promise<readonly ShortenedInput[]>
  /** The output styles that can be chosen. Absent: none. */
  readonly styles?: (() => Promise<readonly StyleInfo[]>) | undefined
  /** The session's folder; absolute. */
  readonly folder: string
  /** What else can be begun by name. Absent: nothing. */
  readonly prompts?: PromptWorld | undefined
}

export type SessionFacts = Omit<SessionView, "items">

export function defineCommand(command: Command): Command {
  return command
}

/** How a command is written, for someone who wrote it otherwise. */
export function usageReply({ name, usage, summary }: Command, why?: string): CommandReply {
  const line = `/${name}${usage === "" ? "" : ` ${usage}`}  ${summary}`
  return { kind: "usage", text: why === undefined ? line : `${why}\n${line}` }
}

/** What commands need to begin prompts. */
export interface PromptWorld {
  readonly port: PromptsPort
  readonly place: Place
  /** Of the session's own provider. Throws SkeinError. */
  tierFor(tier: NonNullable<ExpandedPrompt["tier"]>): Pick<ExpandedPrompt, "model" | "effort">
}
