/** What the two programs may tell differently, and why. `what` is held against a whole difference; each must be found somewhere. */
export interface Allowed {
  readonly what: RegExp
  readonly why: string
  /** The program tells it at no fixed moment, so that the difference is not there each time. */
  readonly isRacy?: true
}

export const ALLOWED: readonly Allowed[] = [
  { what: /^answer initialize \.(codexHome|userAgent)$/, why: "each program has its own home and its own name" },
  { what: /\.cliVersion$/, why: "each program has its own version" },
  {
    what: /^(answer|thread\/started|thread\/settings\/updated).*\.model$/,
    why: "a model of another provider than openai is called with its provider, as model/list has it: there are many at once",
  },
  { what: /\.thread \.path$|\[0\] \.path$/, why: "a session's log is no rollout, so no path to one is given" },
  { what: /\.historyMode$/, why: "the log is one file for all of a thread, which is what legacy says" },
  { what: /\.originator$/, why: "which client began a thread is not kept" },
  {
    what: /\.(environments|canAcceptDirectInput|runtimeWorkspaceRoots|multiAgentMode|activePermissionProfile|collaborationMode)$/,
    why: "told by the program though its stable schema has no such field",
  },
  {
    what: /\.(readStates?|backwardsCursor|turnsBackwardsCursor|itemsBackwardsCursor)$/,
    why: "lists are paged forward only; what a person has read is not kept",
  },
  { what: /\.modelContextWindow$/, why: "the window of a model that nobody described is not guessed" },
  { what: /^- account\/rateLimits\/updated$/, why: "a provider's limits are not known here" },
  { what: /^- thread\/readState\/changed$/, why: "what a person has read is not kept", isRacy: true },
  { what: /^- deprecationNotice$/, why: "nothing that was used is going away here" },
  {
    what: /^thread\/tokenUsage\/updated \.tokenUsage \.last /,
    why: "of a thread taken up again the newest request is not told apart; what the next would hold is told",
  },
  {
    what: /^thread\/tokenUsage\/updated \.tokenUsage \.total |^- thread\/tokenUsage\/updated$/,
    why: "a compaction tells what it took once, the program three times, the first two of which are of other requests",
  },
  { what: /^- warning$/, why: "that long threads make models worse is not said at each compaction" },
  {
    what: /\.turns \[1\] \.(startedAt|completedAt|durationMs)$/,
    why: "when a compaction began is not part of a transcript",
  },
  {
    what: /^answer thread\/items\/list .*\.(startedAtMs|completedAtMs)$/,
    why: "when an item began is not part of a transcript",
  },
  {
    what: /\.(processId|source)$/,
    why: "commands are run by themselves, not in a terminal that the model goes on with",
  },
  {
    what: /requestApproval \.(environmentId|reason)$/,
    why: "there is one environment; and why it is asked is always said",
  },
  {
    what: /requestApproval \.(availableDecisions.*|proposedExecpolicyAmendment)$/,
    why: "a rule for ever is offered only where every further word is as harmless; declining without an interrupt is always offered",
  },
  { what: /^\+ item\/commandExecution\/outputDelta$/, why: "output that came before the first look is told too" },
  { what: /^\+ item\/completed agentMessage$/, why: "an item that was started is completed, here by an interrupt" },
  { what: /^\+ thread\/tokenUsage\/updated$/, why: "tokens that a provider did not count are estimated" },
  {
    what: /^\+ item\/completed fileChange$/,
    why: "an item that was started is completed, here by a cancelled approval",
  },
  { what: /^- turn\/diff\/updated$/, why: "a diff is told when it changed" },
  { what: /^turn\/diff\/updated \.diff$/, why: "git's hashes of what is in no repository are not made up" },
  {
    what: /^(error|turn\/completed \.turn) \.error \.(message|codexErrorInfo)$/,
    why: "who refused is said, and that the request was at fault, in place of the bare body of the answer",
  },
  {
    what: /^error thread\/read \.message$/,
    why: "an id may be any word here, so one that is no UUID is only not there",
  },
  { what: /^error nope\/nope \.message$/, why: "the methods that there are, are listed: they are not all the same" },
  {
    what: /^(answer thread\/fork|thread\/started) \.thread \.preview$/,
    why: "a fork is told by what was said first in it, which came with it",
  },
]
