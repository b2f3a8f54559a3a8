import type { Diagnostic, ProcessExit } from "@skein/core/ports"
import { languageOf } from "../servers/choose.ts"
import { configurationAsked } from "../wire/shapes.ts"
import { diagnosticsOf } from "./convert.ts"
import { diagnosing } from "./diagnosing.ts"
import { type Documents, documents, textOf } from "./documents.ts"
import { type Launch, type Launched, launch } from "./launch.ts"
import { MARK_NAME, memoryOf } from "./memory.ts"

/** One language server, serving one root. */
export interface LanguageServer {
  /** Tells it of files as they are on disk, or as `texts` says: null is a file that is not there. */
  show(paths: readonly string[], texts?: ReadonlyMap<string, string | null>): Promise<void>
  /** What it says of files that were shown to it. Rejects with the signal's reason when that comes first. */
  diagnose(paths: readonly string[], signal: AbortSignal): Promise<readonly Diagnostic[]>
  /** What it said of a file last, as long as nothing was shown to it since. */
  last(path: string): readonly Diagnostic[] | undefined
  ask(method: string, params: unknown, signal: AbortSignal): Promise<unknown>
  /** Files it was shown, the newest last. */
  readonly shown: readonly string[]
  readonly confinement: string
  readonly exited: Promise<ProcessExit>
  memoryBytes(): number | undefined
  end(): Promise<ProcessExit>
  /** Without taking leave: nothing that it keeps outlives it, and a person waits for the end of skein. */
  kill(): Promise<ProcessExit>
}

export type ServerRequest = Omit<Launch, "onTold" | "answer" | "env">

/** Starts a server. Throws ToolFailure when it does not come so far, SkeinError `sandbox.unavailable`. */
export async function languageServer(request: ServerRequest, signal: AbortSignal): Promise<LanguageServer> {
  const { row, root } = request
  let launched: Launched | undefined
  let held: Documents | undefined
  const spoken = () => known(launched).connection
  const diagnoses = diagnosing(
    row,
    spoken,
    () => known(held),
    () => (launched?.capabilities.diagnosticProvider ?? undefined) !== undefined,
  )

  function answer(method: string, params: unknown): unknown {
    if (diagnoses.hear(method, params)) return null
    if (method === "workspace/configuration") return settingsAsked(params)
    if (method === "workspace/workspaceFolders") return null
    if (method === "workspace/applyEdit")
      return { applied: false, failureReason: "Files are changed by nobody but the person's own tools." }
    return method.startsWith("window/") || method.endsWith("/refresh") ? null : undefined
  }

  function settingsAsked(params: unknown): readonly unknown[] {
    const { data } = configurationAsked().safeParse(params)
    return (data?.items ?? []).map(({ section }) => (section === undefined ? null : (row.settings?.[section] ?? null)))
  }

  const mark = crypto.randomUUID()
  launched = await launch(
    {
      ...request,
      env: { [MARK_NAME]: mark },
      answer,
      onTold: (method, params) => void (held !== undefined && diagnoses.hear(method, params)),
    },
    signal,
  )
  const { connection, process, end } = launched
  void connection.closed.then(diagnoses.fail)
  const open = documents(connection, (path) => languageOf(path, row))
  held = open
  const lasts = new Map<string, { readonly epoch: number; readonly said: readonly Diagnostic[] }>()

  return {
    async show(paths, texts) {
      if (texts === undefined) await open.refresh()
      for (const path of paths)
        open.put(path, texts?.has(path) ? (texts.get(path) ?? null) : ((await textOf(path)) ?? null))
    },
    async diagnose(paths, asked) {
      const found: Diagnostic[] = []
      // One after the other: a server has one mind, and what is done when the time is over is done.
      for (const path of paths) {
        if (open.version(path) === undefined) continue
        const { epoch } = open
        const said = diagnosticsOf(path, await diagnoses.of(path, asked), row.name)
        lasts.set(path, { epoch, said })
        found.push(...said)
      }
      return found
    },
    last(path) {
      const last = lasts.get(path)
      return last?.epoch === open.epoch ? last.said : undefined
    },
    ask: (method, params, asked) => connection.ask(method, params, asked),
    get shown() {
      return open.paths
    },
    confinement: process.confinement,
    exited: process.exited,
    memoryBytes: () => memoryOf(mark),
    end,
    kill() {
      process.signal("SIGKILL")
      return process.exited
    },
  }

  function known<T>(value: T | undefined): T {
    if (value === undefined) throw new Error(`The language server of ${root} was asked before it was ready`)
    return value
  }
}
