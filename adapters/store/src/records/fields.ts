import {
  type DurableEvent,
  EFFORTS,
  MISS_CAUSES,
  MODES,
  PARENTHOODS,
  PROCESS_SIGNALS,
  SANDBOXES,
  SEARCH_SIZES,
  TIERS,
  TOOL_KINDS,
  VERBOSITIES,
  VISIBILITIES,
  WEB_SEARCHES,
} from "@skein/protocol"
import { count, each, errorCode, fields, flag, id, type Keep, name, number, text, word } from "./keep.ts"

/**
 * What a record keeps of each type of event, and nothing else passes: a field that is not here, or is new, is left out.
 * Paths, commands, titles and all that a model or a person wrote are sizes and hashes. Null: no record, it is progress.
 */
export const FIELDS: { readonly [T in DurableEvent["type"]]: { readonly [field: string]: Keep } | null } = {
  "session.created": {
    workspace: fields({ path: text, gitRoot: text, firstCommit: text }),
    settings: settings(),
    versions: fields({ skein: name }),
    isInteractive: flag,
    parent: fields({ sessionId: id, seq: number, kind: word(...PARENTHOODS) }),
    agent: fields({ name: text, instructions: text, callId: id, depth: number }),
    source: text,
  },
  "session.changed": {
    title: text,
    labels: count,
    topics: count,
    isArchived: flag,
    visibility: word(...VISIBILITIES),
    workspace: fields({ path: text, gitRoot: text }),
  },
  "session.rewound": { toSeq: number },
  "settings.changed": { changes: settings() },
  "op.accepted": { opId: id },
  "rule.added": { rule: rule() },
  "rule.removed": { ruleId: id },
  "trust.decided": { folder: text, items: count, decision: word("trusted", "refused") },
  "notice.posted": { level: word("info", "warning", "error"), code: errorCode, text },
  "input.queued": { inputId: id, delivery: word("steer", "queue"), input: text },
  "input.edited": { inputId: id, input: text },
  "input.cancelled": { inputId: id },
  "turn.started": {
    turnId: id,
    inputId: id,
    input: text,
    source: word("user", "queue", "parent"),
    git: fields({ branch: text, sha: text }),
  },
  "turn.steered": { turnId: id, inputs: each(fields({ inputId: id, input: text })) },
  "turn.ended": {
    turnId: id,
    outcome: outcome(),
    model: name,
    usage: usage(),
    microUsd: number,
  },
  "turn.labelled": { turnId: id, label: text },
  "goal.changed": { goal: text },
  "plan.changed": { plan: text, steps: count },
  "todo.changed": { todos: each(fields({ text, status: word("pending", "in_progress", "completed") })) },
  "context.loaded": {
    placement: word("system", "inline"),
    cause: word("start", "changed", "touched"),
    sections: each(fields({ source: text, path: text, text, tokens: number, bytesOmitted: number })),
  },
  "context.compacted": {
    kind: word("micro", "auto", "reactive", "forced"),
    by: word("model", "rule"),
    failure: text,
    receipt: fields({ kept: each(id), shortened: each(id) }),
    elided: each(id),
    summary: text,
    imagesElided: flag,
    tokensBefore: number,
    tokensAfter: number,
  },
  "context.restored": { inputIds: each(id) },
  "usage.recorded": {
    purpose: word("summary", "title", "handoff", "topics", "look_at", "completion", "router", "keep_alive", "tool"),
    model: name,
    usage: usage(),
    microUsd: number,
    durationMs: number,
  },
  "turn.rerouted": { turnId: id, model: name, from: text, code: errorCode },
  "wait.decided": { turnId: id, isWaiting: flag, untilMs: number, by: word("person", "settings") },
  "step.started": {
    turnId: id,
    step: number,
    attempt: number,
    model: name,
    tokens: number,
    breaks: each(fields({ cause: word(...MISS_CAUSES) })),
  },
  "step.ended": {
    turnId: id,
    step: number,
    model: name,
    outcome: word("completed", "interrupted"),
    stop: word("end", "calls", "length", "refusal", "paused", "interrupted"),
    usage: usage(),
    microUsd: number,
    cacheMiss: fields({ cause: word(...MISS_CAUSES), tokens: number }),
    firstTokenMs: number,
    durationMs: number,
  },
  "step.discarded": {
    turnId: id,
    step: number,
    attempt: number,
    code: errorCode,
    message: text,
    retryInMs: number,
    usage: usage(),
    microUsd: number,
  },
  "item.appended": null,
  "item.completed": {
    turnId: id,
    step: number,
    itemId: id,
    index: number,
    kind: word("agent_message", "reasoning"),
    text,
    status: word("complete", "interrupted"),
  },
  "hosted_call.completed": {
    turnId: id,
    step: number,
    itemId: id,
    index: number,
    name: word("web_search"),
    action: fields({ kind: word("search", "open_page", "find_in_page", "other"), query: text, url: text }),
    sources: count,
    failure: text,
    isOpen: flag,
  },
  "call.requested": {
    turnId: id,
    step: number,
    callId: id,
    parentCallId: id,
    index: number,
    // The model's own word where there is no such tool.
    name: text,
    title: text,
    kind: word(...TOOL_KINDS),
    locations: each(text),
    input: text,
    inputText: text,
    defect: fields({ code: errorCode, message: text }),
  },
  "call.amended": { callId: id, input: text, by: word("person", "hook") },
  "call.started": { callId: id, isCheck: flag },
  "call.settled": {
    callId: id,
    outcome: word("success", "error", "cancelled"),
    code: errorCode,
    forModel: text,
    artifacts: each(fields({ bytes: number })),
    changes: each(fields({ path: text, kind: word("add", "update", "delete") })),
    observed: count,
    provenance: fields({ isTrusted: flag }),
    bytes: number,
    exitCode: number,
    durationMs: number,
  },
  "approval.requested": {
    approvalId: id,
    subject: word("call", "network", "escalation", "plan", "trust", "budget"),
    callId: id,
    agent: fields({ name: text, sessionId: id }),
    actions: each(
      fields({ verb: word("run", "write", "read", "delete", "network", "delegate"), target: text, diff: text }),
    ),
    reasons: count,
    rule: rule(),
  },
  "approval.resolved": {
    approvalId: id,
    answer: word("allow_once", "allow_always", "reject_once", "reject_always", "withdrawn"),
    by: word("person", "policy", "hook", "nobody"),
    feedback: text,
    interrupt: flag,
  },
  "files.changed": { turnId: id, callId: id, isPersons: flag, changes: each(change()), notCovered: count },
  "files.restored": { toSeq: number, changes: each(change()), conflicts: count, isHunk: flag },
  "shell.started": { callId: id, command: text, isPrivate: flag, sandbox: word(...SANDBOXES) },
  "shell.ended": {
    callId: id,
    command: text,
    isPrivate: flag,
    outcome: word("success", "error", "cancelled"),
    code: errorCode,
    forModel: text,
    artifacts: each(fields({ bytes: number })),
    provenance: fields({ isTrusted: flag }),
    bytes: number,
    exitCode: number,
    durationMs: number,
  },
  "shell.joined": { turnId: id, callIds: each(id) },
  "subagent.started": { childSessionId: id, callId: id, agent: text, description: text, isBackground: flag },
  "subagent.ended": {
    childSessionId: id,
    agent: text,
    outcome: outcome(),
    text,
    steps: number,
    tokens: number,
    microUsd: number,
    durationMs: number,
    changedPaths: count,
    isApart: flag,
    taint: count,
  },
  "process.started": {
    processId: id,
    callId: id,
    name: text,
    command: text,
    cwd: text,
    isPty: flag,
    columns: number,
    rows: number,
    confinement: text,
  },
  "process.controlled": {
    processId: id,
    by: word("model", "person"),
    action: fields({
      kind: word("input", "resize", "signal", "close", "end"),
      bytes: number,
      columns: number,
      rows: number,
      signal: word(...PROCESS_SIGNALS),
    }),
  },
  "process.matched": { processId: id, name: text, pattern: text },
  "process.exited": {
    processId: id,
    name: text,
    exitCode: number,
    signal: text,
    isLost: flag,
    isKnown: flag,
    bytes: number,
    artifact: text,
    durationMs: number,
  },
}

function outcome(): Keep {
  return fields({
    kind: word("completed", "interrupted", "failed", "exhausted"),
    code: errorCode,
    reason: word("steps", "tokens", "money", "tool_loop"),
  })
}

function settings(): Keep {
  return fields({
    model: name,
    mode: word(...MODES),
    sandbox: word(...SANDBOXES),
    tier: word(...TIERS),
    effort: word(...EFFORTS),
    verbosity: word(...VERBOSITIES),
    webSearch: fields({ access: word(...WEB_SEARCHES), contextSize: word(...SEARCH_SIZES), allowedDomains: count }),
    extraRoots: count,
    tools: count,
    limits: fields({ stepsMax: number, tokensMax: number, microUsdMax: number }),
  })
}

function rule(): Keep {
  const decision = word("allow", "ask", "deny")
  const scope = word("session", "project", "user", "managed")
  return fields({ tool: text, command: text, path: text, decision, scope })
}

function usage(): Keep {
  const tokens = {
    input: number,
    cacheRead: number,
    cacheWrite: number,
    output: number,
    reasoning: number,
    searches: number,
  }
  return fields({ ...tokens, isEstimated: flag })
}

function change(): Keep {
  const version = fields({ kind: word("file", "link", "folder"), bytes: number, isKept: flag })
  return fields({ path: text, before: version, after: version })
}
