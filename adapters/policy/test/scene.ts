import type { CallPlan, CommandRisk, Effect, PolicyState, ShellReading, SimpleCommand } from "@skein/core/ports"
import type { Rule } from "@skein/protocol"
import { policy } from "../src/index.ts"

export const ROOT = "/w"
export const HOME = "/home/me"

const port = policy({ home: HOME })

export interface Judged extends Partial<PolicyState> {
  readonly tool?: string
}

export function judge(effects: readonly Effect[], { tool = "tool", ...state }: Judged = {}) {
  return port.judge(planOf(effects, tool), stateOf(state))
}

export function judgeHost(host: string, { tool = "bash", ...state }: Judged & { readonly port?: number } = {}) {
  const { port: number = 443, ...rest } = state
  return port.judgeHost({ host, port: number }, tool, stateOf(rest))
}

export function stateOf(state: Partial<PolicyState>): PolicyState {
  return {
    mode: "ask",
    sandbox: "workspace-write",
    network: { access: "ask", allow: [] },
    rules: [],
    now: 1_000,
    taint: [],
    ...state,
  }
}

function planOf(effects: readonly Effect[], name: string): CallPlan {
  return { name, input: {}, effects, actions: [], isConcurrent: false, digest: "d", timeoutMs: 1 }
}

export const read = (path: string, isInside = true): Effect => ({ kind: "read", paths: [path], isInside })
export const write = (path: string, isInside = true): Effect => ({ kind: "write", paths: [path], isInside })
export const remote = (isApproved: boolean, isReadOnlyHinted: boolean): Effect => ({
  ...{ kind: "remote", server: "x", tool: "get", isApproved, isReadOnlyHinted },
})
/** A tool of the program that leads the session, which that lets be called unasked. */
export const ownTool = (isReadOnlyHinted: boolean): Effect => ({
  ...{ kind: "remote", server: "host", tool: "get", isApproved: false, isReadOnlyHinted, isUnasked: true },
})
export const rule = (given: Partial<Rule>): Rule => ({ tool: "*", decision: "allow", scope: "user", ...given })

/** One simple command, as a reader of lines would say it. Words are split at blanks; `?` is one nobody knows. */
export function simple(
  text: string,
  risk: CommandRisk | readonly CommandRisk[] = "execute",
  more: Partial<SimpleCommand> = {},
): SimpleCommand {
  return {
    argv: text.split(" ").map((word) => (word === "?" ? undefined : word)),
    text,
    risks: typeof risk === "string" ? [risk] : risk,
    reason: `${text.split(" ")[0]} is ${risk}`,
    writes: [],
    reads: [],
    hosts: [],
    assigns: [],
    cwd: ROOT,
    powerful: [],
    pattern: text.replaceAll("*", "\\*"),
    ...more,
  }
}

/** A line of these commands, run in the sandbox. */
export function run(...commands: readonly SimpleCommand[]): Effect {
  return line(commands.map(({ text }) => text).join(" && "), { commands })
}

export function line(command: string, reading: ShellReading | undefined, isConfined = true): Effect {
  return { kind: "execute", command, isConfined, roots: [ROOT], ...(reading === undefined ? {} : { reading }) }
}

export function bare(...commands: readonly SimpleCommand[]): Effect {
  return line(commands.map(({ text }) => text).join(" && "), { commands }, false)
}
