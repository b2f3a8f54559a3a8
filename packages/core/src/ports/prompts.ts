import type { CommandInfo, CommandOrigin, Effort, InputPart, Tier } from "@skein/protocol"
import type { Place } from "./place.ts"

/**
 * What `/word` stands for beside skein's own commands: a prompt that somebody wrote into a file, a skill, a prompt of an MCP
 * server. The host joins those of all adapters; a name of an earlier one hides the same name of a later one.
 */
export interface PromptsPort {
  /** What can be begun by name, sorted as a list shows it. What the folder brings is among it only while it is trusted. */
  list(place: Place): Promise<readonly PromptInfo[]>
  /** Undefined when there is none of this name. Throws SkeinError that says what is wrong with its arguments or its file. */
  expand(name: string, args: string, place: Place, signal: AbortSignal): Promise<ExpandedPrompt | undefined>
}

export interface PromptInfo extends Pick<CommandInfo, "name" | "summary" | "usage">, CommandOrigin {
  /** What else it is called by. */
  readonly aliases?: readonly string[] | undefined
}

/** What a person's `/word args` puts into a turn. */
export interface ExpandedPrompt {
  readonly input: readonly InputPart[]
  /** For this turn alone: `provider/model`, or how much model of the session's own provider. */
  readonly model?: string | undefined
  readonly tier?: Tier | undefined
  readonly effort?: Effort | undefined
  /** Calls of these need no question in this turn: rule strings as in `docs/permissions.md`. Never beyond what a rule of the person's may allow. */
  readonly toolsAllowed?: readonly string[] | undefined
  /** The agent that does it in a session of its own. Absent: the session itself. */
  readonly agent?: string | undefined
  /** What of its file could not be done; sentences for the person. */
  readonly notes?: readonly string[] | undefined
  /** Calls of all others are refused in this turn; the same strings, and an empty list leaves none. */
  readonly toolsLeft?: readonly string[] | undefined
  /** Where it is from, where neither the person nor somebody they trust wrote it: it taints the turn. */
  readonly taint?: string | undefined
}
