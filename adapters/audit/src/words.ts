import { ANSWERS, ERROR_CODES } from "@skein/protocol"

/**
 * What may stand in a record as a word. All else is `other`: a text that came from a model, a person or a file has no way
 * in, whoever passes it by mistake.
 */
export const ACTORS: ReadonlySet<string> = new Set([
  ...["model", "person", "policy", "hook", "skein", "client", "agent", "server", "schedule", "nobody"],
])

export const ACTIONS: ReadonlySet<string> = new Set([
  ...["call.start", "call.settle", "call.refuse", "call.cancel", "call.amend"],
  ...["approval.request", "approval.resolve", "question.ask", "question.answer"],
  ...["rule.add", "rule.remove", "rule.edit", "settings.change", "trust.decide", "trust.revoke"],
  ...["session.create", "session.fork", "session.rewind", "session.delete", "session.export", "session.import"],
  ...["turn.start", "turn.end", "turn.interrupt", "subagent.start", "subagent.end"],
  ...["files.restore", "files.keep", "files.drop", "layer.keep", "layer.drop", "layer.preview"],
  ...["network.connect", "network.decide", "network.change", "sandbox.leave"],
  ...["shell.start", "shell.settle", "shell.refuse"],
  ...["login", "logout", "secret.read", "secret.reveal", "secret.store", "secret.remove"],
  ...[
    "hook.run",
    "server.start",
    "server.stop",
    "skill.run",
    "skill.install",
    "skill.remove",
    "plugin.install",
    "plugin.remove",
  ],
  ...["plugin.enable", "plugin.disable"],
  ...["audit.repair"],
])

export const KINDS: ReadonlySet<string> = new Set([
  ...["file", "folder", "command", "host", "tool", "rule", "session", "turn", "call", "process", "model", "provider"],
  ...["setting", "secret", "account", "skill", "hook", "server", "agent", "plugin", "env", "script", "task", "item"],
  ...["layer", "path", "url", "client", "network", "escalation", "plan", "trust", "budget", "effects"],
])

export const DECISIONS: ReadonlySet<string> = new Set(["allow", "ask", "deny"])

export const OUTCOMES: ReadonlySet<string> = new Set<string>([
  ...["success", "error", "cancelled", "failure", "failed", "completed", "interrupted", "exhausted"],
  ...["allowed", "refused", "denied", "withdrawn", "trusted", "added", "removed", "kept", "dropped", "unknown"],
  // What an answer was about, and which settings were changed.
  ...["call", "effects", "network", "escalation", "plan", "trust", "budget"],
  ...[
    "mode",
    "sandbox",
    "approveEffects",
    "dryRun",
    "extraRoots",
    "tools",
    "limits",
    "model",
    "effort",
    "outputSchema",
  ],
  ...ANSWERS,
  ...ERROR_CODES,
])

/** Each of the words, with a space between, if it is one of these. */
export function wordsOf(words: ReadonlySet<string>, text: string): string {
  return text
    .split(" ", WORDS_MAX)
    .map((word) => wordOf(words, word))
    .join(" ")
}

const WORDS_MAX = 10

/** The word if it is one of these. */
export function wordOf(words: ReadonlySet<string>, word: string): string {
  return words.has(word) ? word : "other"
}
