import { asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import type { ClientServices } from "./app-server/services.ts"
import { Files, type ServedFiles } from "./exec-server/files.ts"
import { FAILED, INVALID_REQUEST, Refused, text, UNKNOWN_METHOD, uriOf } from "./exec-server/params.ts"
import { Processes, type Terms } from "./exec-server/processes.ts"

/** What a server of Codex's exec-server protocol stands on: programs and files of this machine, held by one sandbox. */
export interface ExecServerOptions extends Terms {
  readonly start: ClientServices["start"]
  readonly files: ServedFiles
  readonly version: string
  readonly cwd: string
  readonly home: string
  readonly temporary: string
  readonly shell: { readonly name: string; readonly path: string }
  readonly platform: string
  /** For stderr. */
  readonly warn: (text: string) => void
}

export interface ExecConnection {
  /** Whether the client has said `initialize`, as it does first. */
  readonly isInitialized: boolean
  /** One message. */
  receive(message: string): void
  /** Lets go of the client, and ends what it started. */
  end(): Promise<void>
}

type Method = (params: Json) => Json | Promise<Json>

/** Serves one client of the protocol; `write` takes one message. */
export function openExecServer(options: ExecServerOptions, write: (message: string) => void): ExecConnection {
  const say = (message: Json) => write(JSON.stringify(message))
  const processes = new Processes(options.start, options, (method, params) => say({ method, params }))
  const methods = methodsOf(options, processes, new Files(options.files))
  let isGreeted = false
  const answer = async (id: unknown, method: string, params: Json) => {
    try {
      if (method === "initialize") {
        if (isGreeted) throw new Refused(INVALID_REQUEST, "initialize may only be sent once per connection")
        text(params, "clientName")
        isGreeted = true
        return say({ id, result: { sessionId: crypto.randomUUID(), environmentInfo: environmentOf(options) } })
      }
      if (!isGreeted) throw new Refused(INVALID_REQUEST, `initialize must be sent before ${method}`)
      const run = methods.get(method)
      if (run === undefined) throw new Refused(UNKNOWN_METHOD, `skein's exec-server does not implement \`${method}\``)
      say({ id, result: await run(params) })
      processes.answered()
    } catch (error) {
      const [code, message] =
        error instanceof Refused ? [error.code, error.message] : [FAILED, "a defect in skein; its log says more"]
      if (!(error instanceof Refused)) options.warn(`exec-server: ${method}: ${String(error)}`)
      say({ error: { code, message }, id })
    }
  }
  return {
    get isInitialized() {
      return isGreeted
    },
    receive(message) {
      const json = parseObject(message)
      const method = asText(json?.method)
      if (json === undefined || method === undefined) return options.warn("A message that is no request was left out.")
      // A notification asks for nothing.
      if (json.id !== undefined) void answer(json.id, method, asObject(json.params) ?? {})
    },
    end: () => processes.end(),
  }
}

function methodsOf(options: ExecServerOptions, processes: Processes, files: Files): ReadonlyMap<string, Method> {
  return new Map<string, Method>([
    ["environment/info", () => environmentOf(options)],
    ["environment/status", () => ({ status: "ready" })],
    ["process/start", (params) => processes.start(params)],
    ["process/read", (params) => processes.read(params)],
    ["process/write", (params) => processes.write(params)],
    ["process/signal", (params) => processes.signal(params)],
    ["process/terminate", (params) => processes.terminate(params)],
    ["fs/readFile", (params) => files.readFile(params)],
    ["fs/writeFile", (params) => files.writeFile(params)],
    ["fs/createDirectory", (params) => files.createDirectory(params)],
    ["fs/getMetadata", (params) => files.getMetadata(params)],
    ["fs/readDirectory", (params) => files.readDirectory(params)],
    ["fs/remove", (params) => files.remove(params)],
    ["fs/copy", (params) => files.copy(params)],
    ["fs/canonicalize", (params) => files.canonicalize(params)],
    ["fs/open", (params) => files.open(params)],
    ["fs/readBlock", (params) => files.readBlock(params)],
    ["fs/close", (params) => files.close(params)],
  ])
}

/** Nothing is claimed of the capabilities that its own program has. */
function environmentOf({ shell, version, cwd, home, temporary, platform, sandbox }: ExecServerOptions): Json {
  const capabilities = [
    ...["networkProxyLaunch", "capabilityDiscoverySandbox", "capabilityDiscoveryV2", "environmentConfigRead"],
    ...["httpHeaderEnvVars", "sandboxedFileStreaming", "fileWriteStreaming", "shellSnapshotV2", "windowsMxc"],
    ...["linuxRootWritePreservesDevices", "linuxApprovedRootWritePreservesRestrictions"],
  ]
  return {
    ...{ shell, executorVersion: version, providerId: `skein:${sandbox}`, cwd: uriOf(cwd), userHomeDir: uriOf(home) },
    ...{ platformOs: platform, prependPathDirs: [], temporaryDirectories: [], tempDir: uriOf(temporary) },
    capabilities: Object.fromEntries(capabilities.map((name) => [name, false])),
  }
}
