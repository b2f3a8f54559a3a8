import { pathToFileURL } from "node:url"
import { type ProcessExit, type ProcessesPort, type RunningProcess, ToolFailure } from "@skein/core/ports"
import { visible } from "@skein/protocol"
import type { ServerRow } from "../servers/row.ts"
import { type Connection, connection } from "../wire/connection.ts"
import { initialized } from "../wire/shapes.ts"
import { CAPABILITIES } from "./capabilities.ts"

export interface Launch {
  readonly row: ServerRow
  /** The program, found, and its arguments. */
  readonly argv: readonly string[]
  readonly root: string
  /** Folders that it sees beside the machine's own. */
  readonly roots: readonly string[]
  readonly processes: ProcessesPort
  readonly env: Readonly<Record<string, string>>
  /** What the server tells, and what it asks; undefined: not offered. */
  onTold(method: string, params: unknown): void
  answer(method: string, params: unknown): unknown
}

/** A server that has said what it can do. */
export interface Launched {
  readonly connection: Connection
  readonly process: RunningProcess
  /** What it said of itself; as it came. */
  readonly capabilities: Capabilities
  /** Says goodbye as the protocol wants it, and then sees to it. */
  end(): Promise<ProcessExit>
}

export interface Capabilities {
  readonly diagnosticProvider?: unknown
}

/** A large project is read before the first answer on some servers. */
const INITIALIZE_MS = 60_000
const GOODBYE_MS = 1_000
const COMPLAINT_BYTES_MAX = 4_096
const COMPLAINT_CHARACTERS_MAX = 300

/** Starts it and shakes hands. Throws ToolFailure, with what it said last, when it does not get so far. */
export async function launch(request: Launch, signal: AbortSignal): Promise<Launched> {
  const { row, processes, argv, root } = request
  let complaint = ""
  let running: RunningProcess | undefined
  const failed = (why: string) => {
    const said = visible(complaint.trim().split("\n").at(-1) ?? "").slice(0, COMPLAINT_CHARACTERS_MAX)
    return new ToolFailure(
      `The language server ${row.name} (${argv[0]}) ${why}${said === "" ? "" : ` It said: ${said}`}`,
    )
  }
  const spoken = connection({
    // A server that has gone is told by its exit.
    send: (bytes) => void running?.write(bytes).catch(() => spoken.close(failed("takes nothing any more."))),
    onTold: request.onTold,
    answer: request.answer,
    onDefect: (defect) => {
      spoken.close(failed(`was ended. ${defect.message}`))
      void running?.end()
    },
  })
  running = await processes.start({
    command: argv,
    cwd: root,
    // Whatever it is made to run changes nothing here and reaches nobody. Its /tmp is its own, and so is what it keeps.
    sandbox: "read-only",
    roots: request.roots,
    env: { XDG_CACHE_HOME: "/tmp/.cache", ...row.env, ...request.env },
    onOutput(bytes, stream) {
      if (stream === "stdout") spoken.take(bytes)
      else complaint = (complaint + new TextDecoder().decode(bytes)).slice(-COMPLAINT_BYTES_MAX)
    },
  })
  const started = running
  void started.exited.then(({ exitCode, signal: by }) => spoken.close(failed(`ended (${by ?? `exit ${exitCode}`}).`)))
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(INITIALIZE_MS)])
    const answer = initialized().safeParse(await spoken.ask("initialize", initializeParams(request), limit))
    if (!answer.success) throw failed("did not say what it can do.")
    const { positionEncoding = "utf-16" } = answer.data.capabilities
    if (positionEncoding !== "utf-16")
      throw failed(`counts columns in ${visible(positionEncoding)}, which nobody asked it to.`)
    spoken.tell("initialized", {})
    if (row.settings !== undefined) spoken.tell("workspace/didChangeConfiguration", { settings: row.settings })
    return {
      connection: spoken,
      process: started,
      capabilities: answer.data.capabilities,
      end: () => goodbye(spoken, started),
    }
  } catch (error) {
    void started.end()
    if (error instanceof DOMException && error.name === "TimeoutError") throw failed("said nothing for a minute.")
    throw error
  }
}

function initializeParams({ row, root }: Launch) {
  const uri = pathToFileURL(root).href
  return {
    processId: null,
    clientInfo: { name: "skein" },
    rootUri: uri,
    rootPath: root,
    workspaceFolders: [{ uri, name: root.split("/").at(-1) ?? root }],
    capabilities: CAPABILITIES,
    ...(row.initialization === undefined ? {} : { initializationOptions: row.initialization }),
  }
}

async function goodbye(spoken: Connection, running: RunningProcess): Promise<ProcessExit> {
  const asked = spoken.ask("shutdown", null, AbortSignal.timeout(GOODBYE_MS)).then(() => spoken.tell("exit", null))
  // Whether it takes its leave or not, it is ended.
  const polite = asked.then(() => Promise.race([running.exited, Bun.sleep(GOODBYE_MS)]))
  await Promise.allSettled([Promise.race([polite, running.exited])])
  return await running.end()
}
