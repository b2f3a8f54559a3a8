import { given, type Json } from "@skein/protocol/json"
import type { FoundServer } from "./found.ts"
import { type ConfiguredOptions, configured } from "./read.ts"

/** A server as another program has it, in the words of skein's own settings. */
export interface ImportedServer {
  readonly name: string
  /** The file that has it. */
  readonly from: string
  readonly entry: Json
}

/** What these programs have of the person's own; the first of a name counts. */
export function importedServers(options: ConfiguredOptions, programs: readonly string[]): readonly ImportedServer[] {
  const { servers } = configured({
    ...options,
    imports: () => programs,
    own: () => ({ servers: {}, file: "" }),
    flags: { ...options.flags, configs: [], isStrict: false },
    // No folder: what is a project's stays there.
    projectOf: (cwd) => cwd,
  }).read(options.home, [], [])
  return servers.filter(({ scope }) => scope === "user").flatMap((server) => importedServer(server))
}

function importedServer({ name, file, spec, isEnabled }: FoundServer): readonly ImportedServer[] {
  if (spec === undefined || file === undefined) return []
  const { transport, tools, toolsDenied, startTimeoutMs, callTimeoutMs } = spec
  const entry = {
    ...entryOf(transport),
    ...given("enabled_tools", tools),
    ...given("disabled_tools", toolsDenied),
    ...given("startup_timeout_ms", startTimeoutMs),
    ...given("tool_timeout_sec", callTimeoutMs === undefined ? undefined : callTimeoutMs / 1000),
    ...(isEnabled ? {} : { enabled: false }),
  }
  return [{ name, from: file, entry }]
}

function entryOf(transport: NonNullable<FoundServer["spec"]>["transport"]): Json {
  switch (transport.kind) {
    case "client":
      return {}
    case "stdio": {
      const { command, args, env, cwd } = transport
      return { command, ...(args.length === 0 ? {} : { args }), ...given("env", env), ...given("cwd", cwd) }
    }
    default:
      return { type: transport.kind, url: transport.url, ...given("headers", transport.headers) }
  }
}
