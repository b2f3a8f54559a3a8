import { mkdirSync } from "node:fs"
import { basename, join } from "node:path"
import type { ProcessRequest } from "@skein/core/ports"
import type { McpServerSpec, McpTransport } from "@skein/protocol"
import type { KeptOptions } from "../connection/options.ts"
import { expanded } from "./expansion.ts"

export type StdioTransportSpec = Extract<McpTransport, { kind: "stdio" }>

/** How a server's process is begun. */
export type Launch = Pick<
  ProcessRequest,
  "command" | "cwd" | "sandbox" | "roots" | "environment" | "env" | "isGuardedByCaller"
>

export interface Prepared {
  readonly launch: Launch
  /** What the person's environment gave: never to be shown. */
  readonly secrets: readonly string[]
}

/** Throws ToolFailure where the settings name a variable that is not set. Makes the folder for what it keeps. */
export function prepared({ name }: McpServerSpec, spec: StdioTransportSpec, options: KeptOptions): Prepared {
  const secrets: string[] = []
  const put = (text: string, what: string) => {
    const { text: whole, values } = expanded(text, options.env, `${what} of the MCP server ${name}`)
    secrets.push(...values)
    return whole
  }
  const own = Object.entries(spec.env ?? {}).map(([key, value]) => [key, put(value, `The variable ${key}`)] as const)
  const command = [put(spec.command, "The command"), ...spec.args.map((arg) => put(arg, "An argument"))]
  const isHeld = options.sandbox !== "full-access"
  if (isHeld) mkdirSync(options.cacheDir, { recursive: true, mode: 0o700 })
  return {
    launch: {
      command,
      cwd: spec.cwd === undefined ? options.cwd : put(spec.cwd, "The folder"),
      environment: "minimal",
      isGuardedByCaller: true,
      ...placeOf(options),
      env: { ...(isHeld ? cachesIn(options.cacheDir) : {}), ...Object.fromEntries(own) },
    },
    // What a command is called by, or a port, is nothing to hide.
    secrets: [...secrets, ...own.map(([, value]) => value)].filter((value) => value.length >= SECRET_CHARS_MIN),
  }
}

const SECRET_CHARS_MIN = 8

/** In `read-only` it writes nothing of the session's, and keeps what it keeps all the same. */
function placeOf({ sandbox, roots, cacheDir }: KeptOptions): Pick<ProcessRequest, "sandbox" | "roots"> {
  if (sandbox === "full-access") return { sandbox, roots }
  return { sandbox: "workspace-write", roots: sandbox === "read-only" ? [cacheDir] : [...roots, cacheDir] }
}

/** Package runners keep what they fetched where they are told to; in a person's own folders they may not write. */
function cachesIn(folder: string): Readonly<Record<string, string>> {
  return {
    XDG_CACHE_HOME: join(folder, "cache"),
    npm_config_cache: join(folder, "npm"),
    npm_config_update_notifier: "false",
    BUN_INSTALL_CACHE_DIR: join(folder, "bun"),
    DENO_DIR: join(folder, "deno"),
    UV_CACHE_DIR: join(folder, "uv"),
    UV_TOOL_DIR: join(folder, "uv-tools"),
    UV_PYTHON_INSTALL_DIR: join(folder, "uv-python"),
    PIP_CACHE_DIR: join(folder, "pip"),
  }
}

/** Programs that fetch the server before they run it. */
const RUNNERS = new Set(["npx", "bunx", "pnpm", "yarn", "uvx", "uv", "pipx", "deno", "docker", "podman"])
const START_MS = 10_000
const FETCH_AND_START_MS = 60_000

/** How long it may take to start, where its settings say nothing. */
export function startTimeoutMs(spec: McpServerSpec): number {
  if (spec.startTimeoutMs !== undefined) return spec.startTimeoutMs
  const { transport } = spec
  return transport.kind === "stdio" && RUNNERS.has(basename(transport.command)) ? FETCH_AND_START_MS : START_MS
}
