import type { ElicitRequestFormParams } from "@modelcontextprotocol/server"
import { askedTitle, type Engine, type EventOf, type Op, SkeinError, visible } from "@skein/protocol"
import { asObject, given, type Json } from "@skein/protocol/json"
import type { Question } from "../work.ts"

type Approval = EventOf<"approval.requested">

export interface AskedThread {
  readonly engine: Pick<Engine, "submit">
  readonly threadId: string
  /** Of the client's call. */
  readonly requestId: string | number
  readonly cwd: string
}

/** An approval as Codex asks for one: `elicitation/create` with fields that name the thread and what would be done. */
export function codexQuestion(asked: Approval, thread: AskedThread): Question {
  const { approvalId, sessionId } = asked
  return {
    id: approvalId,
    params: codexForm(asked, thread),
    async answer(reply) {
      const answer = readDecision(reply, asked)
      const receipt = await thread.engine.submit({ type: "approval.answer", sessionId, approvalId, ...answer })
      if (receipt.status === "accepted" || receipt.code === "approval.not_found") return
      throw new SkeinError(receipt.code, receipt.message)
    },
  }
}

/** Source: codex-rs/mcp-server, exec_approval.rs and patch_approval.rs. */
export function codexForm(asked: Approval, { threadId, requestId, cwd }: AskedThread): ElicitRequestFormParams {
  const changes = changesOf(asked)
  const isPatch = Object.keys(changes).length > 0
  const command = asked.actions.find(({ verb }) => verb === "run")?.target ?? askedTitle(asked)
  const reason = asked.reasons.join("; ")
  const message = isPatch
    ? `Allow Codex to apply proposed code changes?${reason === "" ? "" : `\n${reason}`}`
    : `Allow Codex to run \`${command}\` in \`${asked.cwd ?? cwd}\`?`
  const known = {
    ...{ threadId, codex_elicitation: isPatch ? "patch-approval" : "exec-approval" },
    ...{ codex_mcp_tool_call_id: String(requestId), codex_event_id: asked.approvalId },
    codex_call_id: asked.callId ?? asked.approvalId,
    ...(isPatch
      ? { codex_changes: changes, ...given("codex_reason", reason === "" ? undefined : reason) }
      : { codex_command: ["bash", "-lc", command], codex_cwd: asked.cwd ?? cwd, codex_parsed_cmd: [] }),
  }
  return { mode: "form", message: visible(message), requestedSchema: { type: "object", properties: {} }, ...known }
}

function changesOf({ actions }: Approval): Json {
  return Object.fromEntries(
    actions.flatMap(({ target, diff }) =>
      diff === undefined ? [] : [[target, { update: { unified_diff: diff, move_path: null } }]],
    ),
  )
}

type Answered = Pick<Op<"approval.answer">, "answer" | "interrupt">

/** Codex's clients say a `decision`; those that know forms alone, an `action`. Anything else refuses. */
function readDecision(reply: unknown, { options }: Approval): Answered {
  const { action, decision } = asObject(reply) ?? {}
  const offered = (answer: Answered["answer"]): Answered["answer"] =>
    options.includes(answer) ? answer : "reject_once"
  switch (decision ?? action) {
    case "approved":
    case "accept":
      return { answer: offered("allow_once") }
    case "approved_for_session":
      return { answer: options.includes("allow_always") ? "allow_always" : offered("allow_once") }
    case "abort":
    case "cancel":
      return { answer: "reject_once", interrupt: true }
    default:
      return { answer: "reject_once" }
  }
}
