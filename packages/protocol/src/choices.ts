/** Permission mode: what may run without asking. What the OS forbids even then is the sandbox's. */
export const MODES = ["plan", "ask", "accept-edits", "auto", "full"] as const
export type Mode = (typeof MODES)[number]

/** What each mode lets through, in a few words for a person. */
export const MODE_MEANINGS: Readonly<Record<Mode, string>> = {
  plan: "reads and plans, changes nothing",
  ask: "reads; asks before everything else",
  "accept-edits": "edits files of the workspace, asks before commands",
  auto: "edits, and runs commands that the sandbox holds",
  full: "asks nothing",
}

/** What the operating system lets a tool's process do. */
export const SANDBOXES = ["read-only", "workspace-write", "full-access"] as const
export type Sandbox = (typeof SANDBOXES)[number]

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const
export type Effort = (typeof EFFORTS)[number]

/** What each effort asks for, in a few words for a person. */
export const EFFORT_MEANINGS: Readonly<Record<Effort, string>> = {
  none: "answers at once",
  minimal: "barely thinks",
  low: "thinks a little",
  medium: "thinks as long as most work needs",
  high: "thinks long",
  xhigh: "thinks as long as it can",
}

/** How much the model is to write. */
export const VERBOSITIES = ["low", "medium", "high"] as const
export type Verbosity = (typeof VERBOSITIES)[number]

export const VERBOSITY_MEANINGS: Readonly<Record<Verbosity, string>> = {
  low: "says no more than it has to",
  medium: "says what most people want to know",
  high: "explains what it does",
}

/** Whether the model's provider searches the web for it: not at all, in what it keeps of the web, or in the web as it is. */
export const WEB_SEARCHES = ["disabled", "cached", "live"] as const
export const WEB_SEARCH_MEANINGS: Readonly<Record<(typeof WEB_SEARCHES)[number], string>> = {
  disabled: "searches nothing",
  cached: "searches what the provider keeps of the web",
  live: "searches the web as it is now",
}
/** How much of what a search finds goes into the model's context. */
export const SEARCH_SIZES = ["low", "medium", "high"] as const

/** How much stands before a conversation: all of it, or as little as a small model can work with. */
export const CONTEXT_PROFILES = ["standard", "compact"] as const
export type ContextProfile = (typeof CONTEXT_PROFILES)[number]

/** A named choice of model. Which model each is, the person's settings say, or else what their keys allow. */
export const TIERS = ["smart", "rush", "free", "deep"] as const
export type Tier = (typeof TIERS)[number]

/** Who judges what a prompt needs, so that each turn gets its tier: skein by rule, or a small model. */
export const ROUTINGS = ["auto", "model"] as const
export type Routing = (typeof ROUTINGS)[number]

/** What is wanted of the models that are chosen for a person. */
export const OPTIMIZES = ["balanced", "cost", "speed", "quality"] as const
export type Optimize = (typeof OPTIMIZES)[number]

/** `off`: nothing, and nobody is asked. `ask`: hosts on the list; a person is asked about others. `on`: everything public. */
export const NETWORKS = ["off", "ask", "on"] as const
