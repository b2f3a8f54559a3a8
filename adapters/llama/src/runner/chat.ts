/*
 * What is asked of a model and what it says, in the words of Ollama's `/api/chat` (docs/api.md of Ollama), so that a model
 * of this process and one of an Ollama are spoken to alike.
 */

export interface ChatBody {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly ChatTool[] | undefined
  /** A JSON Schema that the answer has to fit. */
  readonly format?: unknown
  readonly think?: boolean | string | undefined
  readonly options?: ChatOptions | undefined
}

export interface ChatOptions {
  /** The window, in tokens. */
  readonly num_ctx?: number | undefined
  /** The most tokens to say. */
  readonly num_predict?: number | undefined
  readonly temperature?: number | undefined
  readonly seed?: number | undefined
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool"
  readonly content: string
  readonly tool_calls?: readonly ChatCall[] | undefined
  readonly tool_name?: string | undefined
}

export interface ChatCall {
  readonly function: { readonly name: string; readonly arguments: unknown }
}

export interface ChatTool {
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: unknown }
}

/** One line of the answer; the last has `done`, or an `error` stands alone. */
export type ChatLine =
  | { readonly error: string }
  | {
      readonly message: {
        readonly role: "assistant"
        readonly content: string
        readonly thinking?: string
        readonly tool_calls?: readonly ChatCall[]
      }
      readonly done: false
    }
  | {
      readonly message: { readonly role: "assistant"; readonly content: "" }
      readonly done: true
      readonly done_reason: "stop" | "length"
      readonly prompt_eval_count: number
      readonly eval_count: number
    }

/** What the runner is told, one JSON text a line. */
export type ToRunner = { readonly id: number; readonly chat: ChatBody } | { readonly id: number; readonly stop: true }

/** What it says: `ready` once, then lines of answers, each with the id of its question. */
export type FromRunner =
  | { readonly ready: { readonly contextTokens: number } }
  | { readonly failed: string }
  /** The id of a reply that was stopped, and of which nothing more comes. */
  | { readonly stopped: number }
  | { readonly id: number; readonly line: ChatLine }

/** What the runner is started with. */
export interface RunnerPlan {
  readonly modelFile: string
  /** Where llama.cpp's libraries are. */
  readonly runtimeFolder: string
  readonly threads: number
  /** The window; never above what the model was made for. */
  readonly contextTokens: number
  /** The model's own way to write a conversation, in Jinja; none when its file has none. */
  readonly chatTemplate?: string | undefined
}
