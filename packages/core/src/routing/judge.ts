/** How hard a prompt is, from the least. */
export const COMPLEXITIES = ["trivial", "simple", "moderate", "complex", "expert"] as const
export type Complexity = (typeof COMPLEXITIES)[number]

export const WORK = [
  ...["debug", "search", "read", "create", "refactor", "review", "plan", "research", "edit"],
  // Not a prompt of its own: it goes on with what is under way.
  "continue",
] as const
export type Work = (typeof WORK)[number]

/** What is thought of a prompt before anybody reads it. */
export interface Judgement {
  readonly work: Work
  readonly complexity: Complexity
}

/** Tokens that such a turn takes, guessed. SEMANTICS §11.3. */
export const TOKENS_GUESSED: Readonly<Record<Complexity, number>> = {
  trivial: 500,
  simple: 2_000,
  moderate: 5_000,
  complex: 10_000,
  expert: 20_000,
}

/**
 * By its words and its length, as SEMANTICS §11.3 has it, but that words which say how hard it is count before the length:
 * there, short prompts were trivial whatever they asked for. In other languages than English the length alone speaks.
 */
export function judge(prompt: string): Judgement {
  const text = prompt.trim()
  const words = text.slice(0, CHARS_READ)
  const work = workOf(words)
  const as = (complexity: Complexity): Judgement => ({ work, complexity })
  if (work === "continue") return as("moderate")
  if (EXPERT.test(words)) return as("expert")
  if (COMPLEX.test(words) || text.length > LONG_CHARS) return as("complex")
  if (text.length < TRIVIAL_CHARS && !MAKING.has(work)) return as("trivial")
  if (text.length < SIMPLE_CHARS && SIMPLE.test(words)) return as("simple")
  return as("moderate")
}

const CHARS_READ = 4_000
const TRIVIAL_CHARS = 50
const SIMPLE_CHARS = 150
/** Whoever writes so much means a lot. */
const LONG_CHARS = 4_000

/** Work that is not done by a glance, however shortly it is asked for. */
const MAKING: ReadonlySet<Work> = new Set<Work>(["debug", "create", "refactor", "review", "plan"])

function workOf(text: string): Work {
  if (text.length < TRIVIAL_CHARS && CONTINUE.test(text)) return "continue"
  return KEYWORDS.find(([, words]) => words.test(text))?.[0] ?? "edit"
}

const CONTINUE =
  /^(?:yes|yep|ok(?:ay)?|sure|please do|do it|do that|do so|go(?: on| ahead)?|continue|proceed|next|again|try again|retry|and\b.*|now\b.*|ja|weiter|mach(?: weiter)?|sí|oui)[\s.!,]*$/iu

/** The first that is hit counts. */
const KEYWORDS: readonly (readonly [Work, RegExp])[] = [
  [
    "debug",
    /\b(?:debug|bug|fix(?:es|ed)?|error|crash|fail(?:s|ed|ing|ure)?|broken|stack ?trace|exception|flaky|why does(?:n't)?)/i,
  ],
  ["search", /\b(?:find|search|where (?:is|are)|locate|grep|look for)\b/i],
  ["read", /\b(?:read|explain|what (?:is|are|does)|show me|describe|how does)\b/i],
  ["create", /\b(?:create|add|implement|build|write|generate|scaffold|new)\b/i],
  ["refactor", /\b(?:refactor|restructure|clean ?up|rename|extract|simplify|move)\b/i],
  ["review", /\b(?:review|audit|critique|check)\b/i],
  ["plan", /\b(?:plan|design|architect|propose|strategy)/i],
  ["research", /\b(?:research|compare|investigate|evaluate|look up)\b/i],
]

const EXPERT =
  /\b(?:prove|proof|formal(?:ly)? verif|lock-free|wait-free|consensus|raft|paxos|cryptograph|memory model|np-hard|compiler|type system|garbage collector|linearizab|side.channel)/i
const COMPLEX =
  /\b(?:architect|concurren|race condition|deadlock|migrat|across (?:the|all)|whole codebase|entire|distributed|redesign|rewrite|performance|optimi[sz]e|security|vulnerab|multi-?step|end.to.end|integrat|from scratch|backward.compat)/i
const SIMPLE = /\b(?:simple|simply|quick|quickly|just|only|typo|small|trivial)\b/i
