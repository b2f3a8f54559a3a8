import { HOOK_EVENTS, type HookDetail, type HookEvent, type HookOutcome, type HookPoint } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import { withHost } from "../session/host.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein hooks test PreToolUse --tool bash --input '{"command":"ls"}'`: what the hooks of that point would say to it. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const detail = detailOf(eventOf(words), flags, cwd)
    const { mode, model } = host.settings
    const point: HookPoint = { sessionId: `ses_${Bun.randomUUIDv7()}`, cwd, mode, model, ...detail }
    const stop = new AbortController()
    const unhook = io.onSignal(() => stop.abort())
    try {
      const hooks = await host.hooks.at({ cwd })
      const outcome = await hooks.run(point, stop.signal)
      if (flags.has("json")) io.out(jsonPage(outcome))
      else for (const line of linesOf(outcome)) io.out(line)
      return isGoingOn(outcome) ? 0 : 1
    } finally {
      unhook()
    }
  })

function eventOf(words: readonly string[]): HookEvent {
  const [word, ...more] = words
  const known = HOOK_EVENTS.find((event) => event.toLowerCase() === word?.toLowerCase())
  if (known === undefined || more.length > 0) {
    const said = word === undefined ? "Which point?" : `There is no one point ${JSON.stringify(words.join(" "))}.`
    throw new UsageError(`${said} One of ${HOOK_EVENTS.join(", ")}: skein hooks test PreToolUse --tool bash.`)
  }
  return known
}

/** A point of this kind, with what the flags say and plain words for the rest. */
function detailOf(event: HookEvent, flags: Flags, cwd: string): HookDetail {
  const text = flags.text("text") ?? ""
  const named = { toolName: flags.text("tool") ?? "bash", callId: "call_test", input: inputOf(flags) }
  const agent = { agentId: "agt_test", agentName: flags.text("kind") ?? "general" }
  switch (event) {
    case "SessionStart":
      return { event, source: kindOf(flags, ["startup", "resume", "clear", "compact", "fork"]) }
    case "SessionEnd":
      return { event, reason: kindOf(flags, ["other", "clear", "exit"]) }
    case "UserPromptSubmit":
      return { event, prompt: text }
    case "PreModelRequest":
      return { event, step: 1 }
    case "PostModelRequest":
      return { event, step: 1, status: kindOf(flags, ["completed", "failed"]), inputTokens: 0, outputTokens: 0 }
    case "PreToolUse":
      return { event, ...named }
    case "PermissionRequest":
      return { event, ...named, reasons: text === "" ? [] : [text] }
    case "PermissionDenied":
      return { event, ...named, reason: text }
    case "PostToolUse":
      return { event, ...named, output: text, durationMs: 0 }
    case "PostToolUseFailure":
      return { event, ...named, error: text, isInterrupted: false, durationMs: 0 }
    case "SubagentStart":
      return { event, ...agent }
    case "SubagentStop":
      return { event, ...agent, isHookActive: false, lastMessage: text }
    case "PreCompact":
      return { event, trigger: kindOf(flags, ["manual", "auto"]), instructions: text }
    case "PostCompact":
      return { event, trigger: kindOf(flags, ["manual", "auto"]), summary: text }
    case "Stop":
      return { event, isHookActive: false, lastMessage: text }
    case "StopFailure":
      return { event, code: flags.text("kind") ?? "provider.unavailable", message: text }
    case "Interrupt":
      return { event }
    case "Notification":
      return { event, kind: kindOf(flags, ["permission", "idle", "question"]), message: text }
    case "InstructionsLoaded":
      return { event, path: `${cwd}/AGENTS.md`, reason: flags.text("kind") ?? "session_start" }
    case "ConfigChange":
      return { event, path: text === "" ? cwd : text, owner: kindOf(flags, ["person", "project"]) }
    case "WorktreeCreate":
    case "WorktreeRemove":
      return { event, path: text === "" ? cwd : text }
  }
}

function kindOf<const W extends string>(flags: Flags, kinds: readonly [W, ...W[]]): W {
  const said = flags.text("kind")
  if (said === undefined) return kinds[0]
  const known = kinds.find((kind) => kind === said)
  if (known === undefined)
    throw new UsageError(`--kind is one of ${kinds.join(", ")} here, not ${JSON.stringify(said)}.`)
  return known
}

function inputOf(flags: Flags): unknown {
  const text = flags.text("input")
  if (text === undefined) return {}
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new UsageError(`--input is no JSON: ${cause.message}. As in --input '{"command":"ls"}'.`)
    throw cause
  }
}

function isGoingOn({ block, stop, decision }: HookOutcome): boolean {
  return block === undefined && stop === undefined && decision !== "deny"
}

function linesOf(outcome: HookOutcome): readonly string[] {
  const { ran, messages, block, stop, decision, reason, input, output, context } = outcome
  if (ran.length === 0) return ["Nothing is set to run at this point for this. See skein hooks list."]
  const said: readonly (readonly [name: string, value: string | undefined])[] = [
    ["blocks", block?.reason],
    ["stops", stop?.reason],
    ["decides", decision === undefined ? undefined : `${decision}${reason === undefined ? "" : `: ${reason}`}`],
    ["input", input === undefined ? undefined : JSON.stringify(input)],
    ["output", output],
    ["context", context],
    ...messages.map((message) => ["tells you", message] as const),
  ]
  const runs = ran.map(({ hook, file, outcome, message, durationMs }) => {
    const why = message === undefined ? "" : `  ${message}`
    return `${outcome.padEnd(9)} ${String(durationMs).padStart(5)} ms  ${oneLine(`${hook} (${file})${why}`)}`
  })
  const told = said.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)} ${oneLine(value)}`]))
  return [...runs, "", ...(told.length === 0 ? ["Nothing was said: it goes on."] : told)]
}
