import type {
  AgentTablePort,
  BrowserPort,
  CodePort,
  DocumentsPort,
  Effect,
  ExecPort,
  FileBytes,
  FilesPort,
  Layer,
  OutlinePort,
  PlanContext,
  RunContext,
  ShellPort,
  SkillsPort,
  ToolResult,
  WebPort,
  WorktreesPort,
} from "@skein/core/ports"
import type { PlannedAction, ToolKind, ToolNeed } from "@skein/protocol"
import { lazy } from "@skein/protocol"
import type * as z from "@skein/protocol/schema"
import type { Board } from "./agents/board.ts"

/** What a tool may reach of the world: ports, given once by the host. */
export interface ToolWorld {
  readonly files: FilesPort
  /** Where `files` shows what a client has: the file system without it. */
  readonly onDisk?: FilesPort | undefined
  /** A file that is not on disk, as a client has it, not saved yet. Absent where no client has files. */
  readonly unsaved?: ((path: string) => Promise<FileBytes | undefined>) | undefined
  readonly exec: ExecPort
  /** What is seen where a layer is. Left out, no call can be made in one. */
  readonly layered?: ((layer: Layer) => LayeredWorld) | undefined
  /** Tells what a command line can run, before anybody decides about it. */
  readonly shell: ShellPort
  /** Absolute path of ripgrep, outside any workspace. Asked for by the first search. */
  readonly ripgrep: () => Promise<string>
  /** Tells what code defines. Left out, nothing can be asked about symbols. */
  readonly outline?: OutlinePort | undefined
  /** The person's home folder, absolute: where secret stores are looked for. */
  readonly home?: string | undefined
  /** More files and folders that no file tool opens: where keys are kept. Absolute. */
  readonly secrets?: readonly string[] | undefined
  /** Files that hold secrets, wherever they lie. Without it, none but those above are known. */
  readonly secretFiles?: SecretFilesWorld | undefined
  /**
   * What of them the model may read all the same, as if it lay in the workspace: whole outputs, the person's
   * instructions. Absolute. Their folders are not listed or searched.
   */
  readonly shown?: readonly string[] | undefined
  /** Brings changed files into their project's form. Left out: nothing does. */
  readonly format?: FormatWorld | undefined
  /** What a person would see of a terminal that was sent these bytes. Left out, only what they say is shown. */
  readonly screen?: ((bytes: Uint8Array, size: TerminalSize) => Promise<string>) | undefined
  /** Language servers and linters. Left out: nothing is known of code but its text. */
  readonly code?: CodePort | undefined
  /** What the model has seen, so that a refusal can show what changed since. `tools()` gives one. */
  readonly seen?: SeenFiles | undefined
  /** Who work can be handed to. Left out, no tool hands any on. */
  readonly agents?: AgentTablePort | undefined
  /** What agents tell each other. `tools()` gives one. */
  readonly board?: Board | undefined
  /** Where children work whose changes are to be merged. */
  readonly worktrees?: WorktreesPort | undefined
  /** The web. Without it nothing of it is asked. */
  readonly web?: WebPort | undefined
  /** A browser. Without it no page is shown with its scripts. */
  readonly browser?: BrowserPort | undefined
  /** Knowledge for kinds of work. Without it there is none. */
  readonly skills?: SkillsPort | undefined
  /** Files that are no text. Without it only text and images are read. */
  readonly documents?: DocumentsPort | undefined
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** The world as a layer shows it. */
export interface LayeredWorld {
  readonly files: FilesPort
  /** Gives `work` the line that runs a program of ours where the layer is mounted, in `cwd`. Nothing else is done in it meanwhile. */
  entered<T>(argv: readonly string[], cwd: string, work: (argv: readonly string[]) => Promise<T>): Promise<T>
}

/** What a person wants of formatters, by the folder of a session. */
export interface FormatWorld {
  /** Always, never, or where the project sets a formatter up. */
  wanted(cwd: string): boolean | "auto"
  /** Whether the person said that what lies in the folder may run: a formatter is often the project's own. Asked when one is about to. */
  isTrusted(cwd: string): Promise<boolean>
}

/** Which files hold secrets, by their names and what is in them. */
export interface SecretFilesWorld {
  /** Those below these folders; absolute. */
  below(folders: readonly string[]): Promise<readonly string[]>
  /** Why no tool opens this file, completing "because …"; undefined when tools may. */
  reasonFor(path: string): string | undefined
}

/** File contents by SHA-256, the newest few. Only for explaining: what is not kept is not shown. */
export interface SeenFiles {
  add(sha256: string, bytes: Uint8Array): void
  get(sha256: string): Uint8Array | undefined
}

/**
 * One tool. What it leaves out is taken as the worst: no plan is unknown effects (so it is asked about), not concurrent,
 * untrusted output. Its functions are methods so that a tool of any input fits `AnyTool`, which is safe because the
 * registry gives a tool nothing but what that tool's own `input` and `plan` have made.
 */
export interface ToolDefinition<I, P> {
  readonly name: string
  /** Other names that models call it by. It is listed, judged and recorded under its own. */
  readonly aliases?: readonly string[] | undefined
  /** For the model. At most 2,048 characters. */
  readonly description: string
  /**
   * Present, the model is told only this of it, beside the name, and calls it by `call_tool`: for work that few sessions
   * do. At most 80 characters.
   */
  readonly summary?: string | undefined
  /** Built on first use. */
  readonly input: () => z.ZodType<I>
  readonly kind: ToolKind
  /** What its calls do at most, whatever their input; `unknown` is anything, and a plan may always do nothing. A plan that does more is a defect. */
  readonly effects: readonly Effect["kind"][]
  /** What it cannot do without beside the folder; absent: nothing. */
  readonly needs?: readonly ToolNeed[] | undefined
  readonly isConcurrent?: boolean | undefined
  /** Whatever it changes is in a file or a command, so that a call in a layer changes nothing in truth. */
  readonly canBeLayered?: boolean | undefined
  readonly timeoutMs?: number | undefined
  /** A person decides about each call, in every mode. */
  readonly isAlwaysAsked?: boolean | undefined
  /** `edit src/a.ts`: what a person reads in the list of calls. */
  title(input: I): string
  /** The paths it is about, as the model wrote them. */
  paths?(input: I): readonly string[]
  /**
   * Resolves what would happen, changing nothing: real paths, the new content, the diff to show. Left out, nothing is
   * known and the effect is `unknown`. `fingerprint` is what must still hold when it runs.
   */
  plan?(input: I, world: ToolWorld, context: PlanContext): Promise<Planned<P>>
  /** Does what was planned. Throws ToolFailure for what it could not do. */
  run(input: I, world: ToolWorld, context: RunContext, prepared: P): Promise<ToolResult>
}

export interface Planned<P> {
  readonly effects: readonly Effect[]
  readonly actions: readonly PlannedAction[]
  /** See `CallPlan.rulesOf`. */
  readonly rulesOf?: string | undefined
  /** Bytes or hashes that an approval is bound to, besides the input. */
  readonly fingerprint?: string | undefined
  /** Hunks of the diffs in `actions`, where the input can say which of them are done. */
  readonly hunksCount?: number | undefined
  readonly prepared: P
}

export type AnyTool = ToolDefinition<unknown, unknown>

/** What of a tool is data: enough to tell of it, not to call it. */
export type ToolRow = Pick<
  AnyTool,
  "name" | "aliases" | "description" | "summary" | "kind" | "effects" | "needs" | "isConcurrent" | "timeoutMs"
>

/** Declares a tool. The types of input and plan are checked here and forgotten after: a registry holds tools alike. */
export function defineTool<I, P = undefined>(definition: ToolDefinition<I, P>): AnyTool {
  return { ...definition, input: lazy(definition.input) }
}
