/** Kinds of work, in the order in which they are looked for: the first one with a word in the task is it. */
const KINDS: readonly { readonly kind: string; readonly words: RegExp; readonly agent: string }[] = [
  {
    kind: "mend",
    words: /\b(fix|repair|resolve|correct|make \w+ (pass|work))\b/,
    agent: "coder",
  },
  {
    kind: "debug",
    words:
      /\b(debug|diagnose|bug|crash\w*|stack ?trace|root cause|why (does|is|do|did)|fail(s|ing|ed)|hang(s|ing)?|flaky)\b/,
    agent: "oracle",
  },
  {
    kind: "search",
    words: /\b(find|search|locate|where (is|are|does|do)|grep|which files?|list all)\b/,
    agent: "finder",
  },
  {
    kind: "read",
    words: /\b(read|explain|understand|describe|what does|how does|how do|summari[sz]e)\b/,
    agent: "researcher",
  },
  { kind: "create", words: /\b(create|implement|add|write|build|generate|scaffold)\b/, agent: "coder" },
  {
    kind: "refactor",
    words: /\b(refactor|rename|extract|simplify|clean up|restructure|migrate|move)\b/,
    agent: "coder",
  },
  { kind: "review", words: /\b(review|audit|critique|check the (diff|change|code))\b/, agent: "reviewer" },
  { kind: "plan", words: /\b(plan|design|architect\w*|outline|roadmap|break down)\b/, agent: "planner" },
  {
    kind: "research",
    words: /\b(research|compare|investigate|survey|alternatives|best practices?)\b/,
    agent: "librarian",
  },
]

/** What changes code, where nothing else is said. */
const OTHERWISE = "coder"

/** Which agent a task is for, by rule. What is to be mended is for who may change files, whatever else it is called. */
export function agentFor(task: string): string {
  const text = task.toLowerCase()
  return KINDS.find(({ words }) => words.test(text))?.agent ?? OTHERWISE
}
