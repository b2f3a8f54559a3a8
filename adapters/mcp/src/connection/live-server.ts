import type { NetworkGate } from "@skein/core/ports"
import type { McpServerSpec, SessionId } from "@skein/protocol"

/**
 * One server of one folder, started when it is first used and started again when it died: the only thing that holds a
 * connection. Never more than one live process of it.
 */
export interface KeptServer {
  readonly spec: McpServerSpec
  readonly status: KeptStatus
  /**
   * The connection, begun where there is none; those who come meanwhile wait for the same one. Throws ToolFailure, in
   * words for a model, where it cannot be used; `login` and why are in `status`.
   */
  use(user: ServerUser): Promise<LiveServer>
  /** Ends it until it is used again, and forgets why it failed. */
  disconnect(): Promise<void>
  /** Told when `status` or what the server offers is another. Gives what ends that. */
  watch(onChanged: (what: ServerChange) => void): () => void
  close(): Promise<void>
}

export type ServerChange = "status" | "tools" | "prompts" | "resources"

export type KeptStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting" }
  /** `notes`: sentences about what of it is left out, or is not as it should be. */
  | { readonly kind: "connected"; readonly facts: ServerFacts; readonly notes?: readonly string[] | undefined }
  /** It died; it is begun again by whoever uses it, not before `atMs`. */
  | { readonly kind: "reconnecting"; readonly why: string; readonly atMs: number; readonly attempts: number }
  | { readonly kind: "login"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string }

/** As the server tells it. Hostile words: bounded, and with what hides in them made visible. */
export interface ServerFacts {
  readonly title: string
  readonly version: string
  /** Revision of the protocol: `2025-11-25`. */
  readonly protocol: string
  readonly instructions?: string | undefined
}

/** Who uses a server just now: the call whose gate and whose person answer for what it does meanwhile. */
export interface ServerUser {
  readonly sessionId?: SessionId | undefined
  readonly signal: AbortSignal
  /** The session's folders: its roots. Absolute. */
  readonly roots: readonly string[]
  /** Decides about hosts that the server's process tries to reach while this uses it. Absent: those its settings name, and no other. */
  readonly network?: NetworkGate | undefined
  /** What the server asks meanwhile. What is left out is declined. */
  readonly asked?: AskedByServer | undefined
}

/** Requests of a server to its client. */
export interface AskedByServer {
  /** Throws to decline. */
  sample?(request: SamplingRequest): Promise<{ readonly text: string; readonly model: string }>
  elicit?(request: ElicitRequest): Promise<ElicitAnswer>
}

export interface SamplingRequest {
  readonly system?: string | undefined
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[]
  readonly outputTokensMax: number
}

export interface ElicitRequest {
  readonly message: string
  /** JSON Schema of an object with flat properties; absent where the person is sent to `url`. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined
  readonly url?: string | undefined
}

export type ElicitAnswer =
  | { readonly action: "accept"; readonly content?: Readonly<Record<string, unknown>> | undefined }
  | { readonly action: "decline" | "cancel" }

/** A connected server. Everything it tells is bounded, and throws ToolFailure in words for a model. */
export interface LiveServer {
  readonly facts: ServerFacts
  /** All pages, in the server's order; asked again after it told of a change. */
  tools(): Promise<readonly ServerTool[]>
  prompts(): Promise<readonly ServerPrompt[]>
  /** With templates, whose `uri` holds `{…}`. */
  resources(): Promise<readonly ServerResource[]>
  call(name: string, input: unknown, user: ServerUser, options: CallOptions): Promise<ServerResult>
  prompt(name: string, args: Readonly<Record<string, string>>, user: ServerUser): Promise<readonly ServerContent[]>
  read(uri: string, user: ServerUser): Promise<readonly ServerContent[]>
  /** What could stand for an argument of a prompt, or of a template. */
  complete(
    of: { readonly prompt: string } | { readonly resource: string },
    argument: { readonly name: string; readonly value: string },
    signal: AbortSignal,
  ): Promise<readonly string[]>
}

export interface CallOptions {
  readonly timeoutMs: number
  /** Bytes so far where known, and what the server says it does. Each begins the time anew. */
  onProgress(message: string): void
}

export interface ServerTool {
  readonly name: string
  readonly title?: string | undefined
  readonly description: string
  readonly inputSchema: Readonly<Record<string, unknown>>
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined
  /** The server's own word, which grants nothing. */
  readonly isReadOnlyHinted: boolean
}

export interface ServerPrompt {
  readonly name: string
  readonly title?: string | undefined
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly description: string; readonly isRequired: boolean }[]
}

export interface ServerResource {
  readonly uri: string
  readonly name: string
  readonly description: string
  readonly mediaType?: string | undefined
}

export type ServerContent =
  | { readonly type: "text"; readonly text: string; readonly uri?: string | undefined }
  /** `data` is base64. */
  | {
      readonly type: "image" | "audio" | "blob"
      readonly mediaType: string
      readonly data: string
      readonly uri?: string | undefined
    }
  | { readonly type: "link"; readonly uri: string; readonly name: string }

export interface ServerResult {
  readonly content: readonly ServerContent[]
  readonly structured?: Readonly<Record<string, unknown>> | undefined
  /** The tool's own failure, for the model. */
  readonly isError: boolean
}
