// The whole API of extensions, in one file without imports, so that it can lie beside an extension as it is.

/**
 * What an extension adds to skein. Its module exports it as `extension`, or as `default`. It is run in a process of its own,
 * confined to what the person agreed to: it reads the workspace, writes the plugin's data folder, and no more than the
 * capabilities of its plugin say.
 */
export interface Extension {
  readonly tools?: readonly Tool[] | undefined
  readonly commands?: readonly Command[] | undefined
  readonly hooks?: HookTable | undefined
}

/** Gives what it is given; with it a mistake is found where it is written. */
export function defineExtension(extension: Extension): Extension {
  return extension
}

/** A tool as it is written: `run` is given what `input` describes. */
export interface ToolDefinition<S extends InputSchema> {
  /** Letters, digits and `_`, at most 40. A model calls it `ext__<plugin>__<name>`. */
  readonly name: string
  /** For the model: what it does, and when it is to be used. */
  readonly description: string
  /** A JSON Schema of an object, or a schema of zod. */
  readonly input: S
  /** What a call of it does at most; left out, it may do anything. A tool that only reads may run beside others. */
  readonly effects?: readonly ("read" | "write" | "network")[] | undefined
  /** How long a call may take: 60,000 where nothing is said, at most 600,000. */
  readonly timeoutMs?: number | undefined
  /** What the model reads. What it throws, the model reads as why it could not. */
  run(input: InputOf<S>, context: ToolContext): ToolOutput | Promise<ToolOutput>
}

/** A tool of any input. */
export interface Tool extends Omit<ToolDefinition<JsonSchema>, "input" | "run"> {
  readonly input: InputSchema
  run(input: unknown, context: ToolContext): ToolOutput | Promise<ToolOutput>
}

/** Types the input of `run` by the schema. */
export function defineTool<const S extends InputSchema>(tool: ToolDefinition<S>): Tool {
  return tool
}

export type ToolOutput = string | { readonly text: string; readonly isError?: boolean | undefined }

/** A `/word`: skein calls it `/<plugin>:<name>`. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** How its arguments are written, `<file> [words]`. */
  readonly usage?: string | undefined
  /** Gives the prompt that it stands for. `args` is all that was typed behind the name. */
  run(args: string, context: Context): string | Promise<string>
}

/** What is run at points of a turn. `match` names tools, with `*` for any letters and `|` between them, as `edit|mcp__github__*`. */
export type HookTable = {
  readonly [E in HookEvent]?: HookHandler<E> | { readonly match?: string | undefined; readonly run: HookHandler<E> }
}
export type HookHandler<E extends HookEvent> = (
  point: HookPoint<E>,
  context: Context,
) => HookAnswer | undefined | Promise<HookAnswer | undefined>

/** What a hook says; what it leaves out stays as it is. An extension may take away, and never give: it has no word for yes. */
export interface HookAnswer {
  /** At `PreToolUse` and `PermissionRequest`: the call is not run, or a person is asked. */
  readonly decision?: "deny" | "ask" | undefined
  /** Why it does not go on: the prompt is not sent, the call not run. At `Stop` what is still to do. */
  readonly block?: string | undefined
  /** Why, where there is a decision. */
  readonly reason?: string | undefined
  /** At `PreToolUse`: arguments in the place of the call's own. They are judged as those are. */
  readonly input?: unknown
  /** At `PostToolUse`: what the model reads in the place of the tool's output. */
  readonly output?: string | undefined
  /** For the model, beside what is there. */
  readonly context?: string | undefined
  /** For the person. */
  readonly message?: string | undefined
}

/** What every point tells. Tools and inputs have skein's own names. */
export interface PointFacts {
  readonly sessionId: string
  readonly cwd: string
  readonly mode: string
  /** `provider/model`. */
  readonly model: string
}
interface PointCall {
  readonly toolName: string
  readonly callId: string
  readonly input: Readonly<Record<string, unknown>>
}
interface Points {
  readonly SessionStart: { readonly source: string }
  readonly SessionEnd: { readonly reason: string }
  readonly UserPromptSubmit: { readonly prompt: string }
  readonly PreToolUse: PointCall
  readonly PermissionRequest: PointCall & { readonly reasons: readonly string[] }
  readonly PostToolUse: PointCall & { readonly output: string; readonly durationMs: number }
  readonly PostToolUseFailure: PointCall & { readonly error: string; readonly durationMs: number }
  readonly PreCompact: { readonly trigger: string; readonly instructions: string }
  readonly Stop: { readonly isHookActive: boolean; readonly lastMessage?: string | undefined }
  readonly SubagentStop: { readonly agentName: string; readonly lastMessage?: string | undefined }
}
export type HookEvent = keyof Points
export type HookPoint<E extends HookEvent> = PointFacts & Points[E] & { readonly event: E }

/** What code of an extension is given. */
export interface Context {
  /** Aborts when the turn is interrupted or the time is over. */
  readonly signal: AbortSignal
  /** The session's folder, absolute. */
  readonly cwd: string
  /** A line for skein's log. */
  log(text: string): void
  readonly storage: Storage
}

/** In the plugin's own data folder, which it alone writes. */
export interface Storage {
  /** Absolute. */
  readonly folder: string
  /** Undefined where nothing was set. */
  get(key: string): Promise<unknown>
  /** A value of JSON. */
  set(key: string, value: unknown): Promise<void>
}

/** What a tool can do while it runs. All that goes through skein is judged, asked about and recorded as the model's own calls are. */
export interface ToolContext extends Context {
  /** How far it is, for the person. */
  progress(text: string): void
  /** Calls a tool of skein by its name and gives what a model would read. Throws where it was refused or failed. */
  call(name: string, input: unknown): Promise<string>
  readonly files: Files
  /** Asks the person; with choices, one of them is the answer. Throws where nobody answers. */
  ask(question: string, choices?: readonly string[]): Promise<string>
}

/** Files as skein's own tools see them. Paths are absolute, or from the session's folder. */
export interface Files {
  /** Numbered lines, as a model reads them. For bare bytes read the file itself. */
  read(path: string): Promise<string>
  write(path: string, content: string): Promise<void>
  /** The text `from`, which stands there once, becomes `to`. */
  edit(path: string, from: string, to: string): Promise<void>
}

export type JsonSchema = { readonly [key: string]: unknown }
/** As schemas of zod are. */
export interface SchemaOf<T> {
  toJSONSchema(): object
  parse(value: unknown): T
}
export type InputSchema = JsonSchema | SchemaOf<unknown>

/** The type that a schema describes, as far as its words are known here; `unknown` beyond. */
export type InputOf<S> = S extends { parse(value: unknown): infer T } ? T : OfSchema<S>
type OfSchema<S> = S extends { readonly enum: readonly (infer V)[] }
  ? V
  : S extends { readonly type: "string" }
    ? string
    : S extends { readonly type: "number" | "integer" }
      ? number
      : S extends { readonly type: "boolean" }
        ? boolean
        : S extends { readonly type: "array"; readonly items: infer I }
          ? readonly OfSchema<I>[]
          : S extends { readonly type: "object"; readonly properties: infer P }
            ? OfObject<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
            : unknown
type OfObject<P, R> = { readonly [K in keyof P as K extends R ? K : never]: OfSchema<P[K]> } & {
  readonly [K in keyof P as K extends R ? never : K]?: OfSchema<P[K]> | undefined
}
