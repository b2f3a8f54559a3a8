import type { Effort } from "./choices.ts"

/**
 * What a model is asked for besides steps. Each may have a model of its own, which `[tasks]` of the configuration names;
 * nobody but the session's own provider is asked where nothing is said there.
 */
export const TASKS = [
  "title",
  "review",
  "look_at",
  "search",
  "oracle",
  "handoff",
  "topics",
  "completion",
  "compaction",
  "router",
] as const
export type Task = (typeof TASKS)[number]

/** What each is, in a few words for a person. */
export const TASK_MEANINGS: Readonly<Record<Task, string>> = {
  title: "names a session after its first turn",
  review: "reviews code",
  look_at: "describes images to a model that sees none",
  search: "looks for things in code and in sessions",
  oracle: "is asked for advice on what is hard",
  handoff: "writes what the next session must know",
  topics: "says what a session is about, when asked",
  completion: "suggests what to do next in the composer",
  compaction: "sums up older context",
  router: "judges how hard a prompt is",
}

/** Who does a task in a session, and why. `why` is a sentence part for a person, without a capital. */
export type TaskChoice =
  /** `model` is `provider/model`. */
  | {
      readonly kind: "model"
      readonly model: string
      readonly effort?: Effort | undefined
      readonly why: string
    }
  /** skein does it by rule and asks nobody. */
  | { readonly kind: "rule"; readonly why: string }
  /** It is not done. */
  | { readonly kind: "off"; readonly why: string }

export interface TaskInfo {
  readonly task: Task
  readonly choice: TaskChoice
}
