import { longText, type SubagentReport } from "@skein/protocol"
import { usd } from "../turn/budget.ts"
import { defineCommand, usageReply } from "./command.ts"

export const agents = defineCommand({
  name: "agents",
  summary: "The sub-agents of this session: what each does, or came to.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId, now }) {
    const all = await ask({ type: "agents.list", sessionId })
    const text = all.length === 0 ? NONE : all.map((report) => lineOf(report, now)).join("\n")
    return { kind: "show", text }
  },
})

const NONE = "This session has no sub-agents. /spawn begins one; the model begins them with its task tools."

export const spawn = defineCommand({
  name: "spawn",
  summary: "Begin a sub-agent that works in the background.",
  usage: "<agent> <prompt>",
  whileBusy: true,
  run(args, { sessionId }) {
    const [, agent = "", prompt = ""] = /^(\S+)\s+([\s\S]*\S)/.exec(args.trim()) ?? []
    if (agent === "") return usageReply(spawn, "Say which agent, and what it is to do.")
    return {
      kind: "ops",
      ops: [{ type: "agent.spawn", sessionId, agent, prompt }],
      done: `${agent} works in the background. /agents shows how it is doing, /kill ${agent} stops it.`,
    }
  },
})

export const kill = defineCommand({
  name: "kill",
  summary: "Stop a sub-agent, or all of a name; it can be gone on with.",
  usage: "<agent or id>",
  whileBusy: true,
  async run(args, { ask, sessionId }) {
    const wanted = args.trim()
    const all = (await ask({ type: "agents.list", sessionId })).filter(({ status }) => status !== "ended")
    if (wanted === "") return usageReply(kill, all.length === 0 ? "No sub-agent works." : `At work: ${namesOf(all)}.`)
    const meant = all.filter(({ agent, childSessionId }) => agent === wanted || isIdOf(childSessionId, wanted))
    if (meant.length === 0) {
      const none = `There is no sub-agent ${wanted} at work.`
      return { kind: "show", text: all.length === 0 ? "No sub-agent works." : `${none} At work: ${namesOf(all)}.` }
    }
    const ops = meant.map(({ childSessionId }) => ({ type: "agent.stop", sessionId, childSessionId }) as const)
    return { kind: "ops", ops, done: `Stopped: ${namesOf(meant)}.` }
  },
})

/** The whole id, or the end of it that lists show. */
function isIdOf(childSessionId: string, wanted: string): boolean {
  return childSessionId === wanted || (wanted.length >= SHORT_CHARS && childSessionId.endsWith(wanted))
}

const SHORT_CHARS = 6

function namesOf(reports: readonly SubagentReport[]): string {
  return reports.map(({ agent, childSessionId }) => `${agent} (${childSessionId.slice(-SHORT_CHARS)})`).join(", ")
}

function lineOf(report: SubagentReport, now: number): string {
  const { agent, childSessionId, description, steps, microUsd, startedAt, durationMs, isBackground } = report
  const facts = [
    stateOf(report),
    `${steps} step${steps === 1 ? "" : "s"}`,
    longText(durationMs ?? now - startedAt),
    ...(microUsd === 0 ? [] : [usd(microUsd)]),
    ...(isBackground && report.status !== "ended" ? ["in the background"] : []),
  ]
  return `${agent} (${childSessionId.slice(-SHORT_CHARS)})  ${description}\n  ${facts.join(", ")}${saidBy(report)}\n  skein resume ${childSessionId}`
}

function stateOf({ status, doing = "", outcome }: SubagentReport): string {
  if (status === "queued") return "waits for a place"
  if (status === "waiting") return "waits for your answer"
  if (status === "running") return doing === "" ? "works" : `works: ${doing}`
  const why = outcome !== undefined && "message" in outcome ? outcome.message : undefined
  return `${outcome?.kind ?? "ended"}${why === undefined ? "" : ` (${why.replace(/\.$/, "")})`}`
}

const SAID_CHARS = 200

function saidBy({ text = "" }: SubagentReport): string {
  const line = text.trim().replaceAll(/\s+/g, " ")
  if (line === "") return ""
  return `\n  ${line.length <= SAID_CHARS ? line : `${line.slice(0, SAID_CHARS).toWellFormed()} …`}`
}
