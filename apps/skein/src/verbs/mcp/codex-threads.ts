import { existsSync, realpathSync, statSync } from "node:fs"
import { modeFor, type Policy, readTree, sessionIdOf } from "@skein/codex"
import { compose, type Host, type HostRequest } from "@skein/host"
import type { CodexOptions, Thread, ThreadWishes } from "@skein/mcp-server"
import { accepted, SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { askableModel } from "../../session/open.ts"
import { hostRequest, path } from "../../session/request.ts"

export interface CodexThreads extends Pick<CodexOptions, "open" | "resume"> {
  close(): Promise<void>
}

/** Sessions as a client's model wishes for them, within what this program was started with. One host for each kind of wish. */
export function codexThreads(flags: Flags, io: Io): CodexThreads {
  const base = hostRequest(flags, io)
  const hosts = new Map<string, Host>()
  const hostFor = (request: HostRequest, key: string): Host => {
    if (!hosts.has(key) && hosts.size >= HOSTS_MAX) throw new SkeinError("op.invalid", TOO_MANY)
    const host = hosts.get(key) ?? compose(request)
    if (!hosts.has(key)) for (const warning of host.warnings) io.err(`note    ${warning}`)
    hosts.set(key, host)
    return host
  }
  return {
    async open({ policy: asked, compactPrompt, ...wishes }) {
      const request = requestFor(wishes, base)
      const host = hostFor(request, JSON.stringify(wishes))
      const policy = asked ?? policyOf(wishes.config)
      // What the person said when this was started stands above what a client wishes.
      const mode = flags.has("mode") || policy === undefined ? undefined : modeFor(policy, host.settings.sandbox)
      const settings = {
        model: await askableModel(host),
        ...given("mode", mode),
        ...given("compactPrompt", compactPrompt),
      }
      const op = { type: "session.create", cwd: request.cwd, settings, isInteractive: false } as const
      const { sessionId } = await accepted(host.engine, op)
      return { engine: host.engine, sessionId, isAsking: policy !== "never" }
    },
    async resume(threadId): Promise<Thread> {
      const { engine } = hostFor(base, "{}")
      const sessionId = sessionIdOf(threadId)
      await engine.ask({ type: "session.read", sessionId })
      return { engine, sessionId, isAsking: true }
    },
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.close()))
    },
  }
}

/** Each kind of wish is an engine of its own. */
const HOSTS_MAX = 32
const TOO_MANY = `There are ${HOSTS_MAX} kinds of threads already, by what was wished for. Begin one with wishes that were had before.`

/** Of Codex's keys these say how it thinks and how little it may do. Others lead requests elsewhere, or let it do more. */
const KEYS_TAKEN = new Set([
  ...["model", "model_provider", "model_reasoning_effort", "model_reasoning_summary", "model_verbosity"],
  ...["model_context_window", "web_search", "sandbox_mode", "approval_policy"],
])

type HostWishes = Omit<ThreadWishes, "policy" | "compactPrompt">

function requestFor(wishes: HostWishes, base: HostRequest): HostRequest {
  const { approval_policy: _, ...config } = wishes.config ?? {}
  const [foreign] = Object.keys(wishes.config ?? {}).filter((key) => !KEYS_TAKEN.has(key))
  if (foreign !== undefined) {
    throw new SkeinError(
      "config.invalid",
      `config: ${JSON.stringify(foreign)} is not taken from a client. It takes ${[...KEYS_TAKEN].join(", ")}; whoever starts the server sets others with -c.`,
    )
  }
  const { settings } = readTree({ ...config, ...given("sandbox_mode", wishes.sandbox) }, given("model", wishes.model))
  const { sandbox, ...rest } = settings
  return {
    ...base,
    cwd: folderOf(wishes.cwd, base.cwd),
    profile: wishes.profile ?? base.profile,
    flags: { ...base.flags, ...rest, ...within(sandbox, base.flags?.sandbox) },
    instructions: { text: wishes.instructions, append: wishes.developerInstructions },
  }
}

/** A model at the other end may ask for less than the person gave it, and for no more: a machine without a sandbox is the person's to give. */
function within(wished: unknown, said: unknown): { readonly sandbox?: unknown } {
  if (wished === undefined) return {}
  if (wished !== "full-access" || said === "full-access") {
    return said === "read-only" ? { sandbox: said } : { sandbox: wished }
  }
  throw new SkeinError(
    "config.invalid",
    "sandbox: danger-full-access is given by the person alone: skein mcp-server --sandbox danger-full-access. Ask for workspace-write.",
  )
}

function folderOf(named: string | undefined, base: string): string {
  if (named === undefined) return base
  const folder = path(named, base)
  if (existsSync(folder) && statSync(folder).isDirectory()) return realpathSync(folder)
  throw new SkeinError("op.invalid", `cwd: there is no folder ${JSON.stringify(folder)}.`)
}

function policyOf(config: ThreadWishes["config"]): Policy | undefined {
  const said = config?.approval_policy
  if (said === undefined) return undefined
  const policy = POLICIES.find((word) => word === said)
  if (policy !== undefined) return policy
  throw new SkeinError("config.invalid", `config: approval_policy is one of ${POLICIES.join(", ")}.`)
}

const POLICIES: readonly Policy[] = ["untrusted", "on-failure", "on-request", "never"]
