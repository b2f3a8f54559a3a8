import type { Conversation, Reply } from "./wire.ts"

export const PROMPT = "Use every tool."

/** A call that the model makes, and words of what it is told then. */
export interface Call {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
  readonly isGood: boolean
  readonly says: string
}

type Row = (tool: string, input: Readonly<Record<string, unknown>>, says: string) => Call

const good: Row = (tool, input, says) => ({ tool, input, isGood: true, says })
const bad: Row = (tool, input, says) => ({ tool, input, isGood: false, says })

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].find(
  (name) => Bun.which(name) !== null,
)
const ASSIGNED = { description: "look", agent: "finder", prompt: "Look." }
const QUESTION = { header: "Colour", question: "Which?", options: [{ label: "Red" }, { label: "Blue" }] }

/** What does its work in an editor alone: seen in the tests of the front-ends for editors. */
export const IN_EDITORS: ReadonlySet<string> = new Set(["editor_terminal"])

/** Every tool with input that fits and with such as does not; what is in one step is in one reply. */
export function calls(url: string): readonly (readonly Call[])[] {
  return [looking(), changing(), keeping(), running(), web(url), asking(), agents(), merging(), planning()]
}

const looking = () => [
  good("read", { path: "a.txt" }, "2\ttwo"),
  bad("read", { path: "nope.txt" }, "There is no file nope.txt"),
  good("read", { path: "book.ipynb" }, "1 + 1"),
  good("glob", { pattern: "*.ts" }, "twice.ts"),
  bad("glob", { pattern: "*", path: "nope" }, "nothing is there"),
  good("grep", { pattern: "tw.", path: "a.txt" }, "a.txt:2:two"),
  bad("grep", { pattern: "(" }, "regex"),
  good("list", {}, "twice.ts"),
  bad("list", { path: "a.txt" }, "it is a file"),
  good("tree", {}, "twice.ts"),
  bad("tree", { path: "nope" }, "nothing is there"),
  good("diff", { path: "b.txt" }, "+four"),
  bad("diff", { path: "a.txt", other: "nope" }, "There is no file nope"),
  good("file_info", { path: "a.txt" }, "bytes: 14"),
  bad("file_info", { path: "nope" }, "nope"),
  good("head_tail", { path: "a.txt", head: 1, tail: 1 }, "three"),
  bad("head_tail", { path: "nope" }, "nope"),
  good("repo_map", { budgetTokens: 500 }, "export function twice"),
  bad("repo_map", { path: "nope" }, "nothing is there"),
  good("symbols", { path: "twice.ts" }, "function twice"),
  bad("symbols", { path: "a.txt" }, "no grammar"),
  good("code_graph", { path: "four.ts", direction: "out" }, "four.ts imports twice.ts"),
  bad("code_graph", {}, "name a path"),
  good("diagnostics", { paths: ["four.ts"] }, "2322"),
  bad("diagnostics", { paths: ["~/x"] }, "is not expanded"),
  good("lsp", { action: "references", path: "twice.ts", symbol: "twice" }, "four.ts:2"),
  bad("lsp", { action: "hover" }, "needs path"),
]

const changing = () => [
  good("write", { path: "new.txt", content: "new\n" }, "Created new.txt"),
  bad("write", { path: "four.ts", content: "" }, "you have not read it"),
  good("edit", { path: "new.txt", oldText: "new", newText: "newer" }, "Changed new.txt at line 1"),
  bad("edit", { path: "new.txt", oldText: "absent", newText: "x" }, "oldText was not found"),
  good("undo", {}, "Undone:"),
  bad("undo", { calls: 0 }, "calls"),
  good("redo", {}, "Done again:"),
  bad("redo", { calls: 1 }, "Unrecognized key"),
  good("multiedit", { path: "a.txt", edits: [{ oldText: "one", newText: "1" }] }, "Changed a.txt"),
  bad("multiedit", { edits: [{ oldText: "one", newText: "1" }] }, "names no file"),
  good("apply_patch", { patch: "*** Begin Patch\n*** Add File: p.txt\n+p\n*** End Patch" }, "Created p.txt"),
  bad("apply_patch", { patch: "nothing" }, "begins with neither"),
  good("confirm_edit", { path: "p.txt", oldText: "p", newText: "q" }, "Changed p.txt"),
  bad("confirm_edit", { path: "p.txt", oldText: "absent", newText: "q" }, "oldText was not found"),
  good("confirm_multiedit", { path: "p.txt", edits: [{ oldText: "q", newText: "r" }] }, "Changed p.txt"),
  bad("confirm_multiedit", { edits: [] }, "edits"),
  good("advanced_edit", { pattern: "twice($A)", path: "four.ts", rewrite: "twice($A + 1)" }, "Changed four.ts"),
  bad("advanced_edit", { pattern: "x", path: "a.txt" }, "does not tell its language"),
]

const keeping = () => [
  good("notebook_edit", { path: "book.ipynb", cell: "one", source: "2 + 2" }, "Changed book.ipynb"),
  bad("notebook_edit", { path: "book.ipynb", cell: "nine", source: "3" }, "nine"),
  good("todo_write", { todos: [{ text: "go on", status: "pending" }] }, "The list is kept"),
  bad("todo_write", { todos: [{ text: "" }] }, "todos"),
  good("plan", { plan: "1. Go on" }, "The plan is kept"),
  bad("plan", { plan: { no: "text" } }, "plan"),
  good("sessions", {}, "tokens"),
  bad("sessions", { read: "nope" }, "Cannot find session ses_nope"),
  good("question", { questions: [QUESTION] }, "Blue"),
  bad("question", { questions: [] }, "Ask 1 to 4"),
  good("share", { note: "It is in src." }, "on the board"),
  bad("share", { note: "" }, "note"),
  good("mermaid", { source: "graph TD\n  A --> B" }, "│ A │"),
  bad("mermaid", { source: "nothing at all" }, "is not drawn here"),
  good("batch", { calls: [{ tool: "list", input: {} }] }, "1. list (success)"),
  bad("batch", { calls: [] }, "calls"),
]

const running = () => [
  good("skill", { name: "make-skill" }, "open"),
  bad("skill", { name: "nope" }, "There is no skill nope"),
  good("todo_read", {}, "go on"),
  bad("todo_read", { all: true }, "Unrecognized key"),
  good("bash", { command: "cat new.txt" }, "newer"),
  bad("bash", { command: "exit 3" }, "(exit 3)"),
  good("process", { action: "start", command: "echo up; sleep 60" }, "up"),
  bad("process", { action: "read", process: "p9" }, "There is no process p9"),
]

const web = (url: string) => [
  good("monitor", { process: "p1", patterns: ["done"] }, "You are told when p1"),
  bad("monitor", { process: "p9", patterns: ["done"] }, "There is no process p9"),
  bad("editor_terminal", { command: "echo seen" }, "No editor offers a terminal here"),
  good("webfetch", { url: `${url}/page` }, "# Hello"),
  bad("webfetch", { url: "file:///etc/passwd" }, "Only http and https"),
  good("websearch", { query: "how" }, "https://docs.test/a"),
  bad("websearch", { query: "how", domains: ["not a domain"] }, "is a domain, as docs.rs"),
  good("http_request", { url: `${url}/api`, assert: [{ of: "json", at: "count", equals: 3 }] }, "PASS json count is 3"),
  bad("http_request", { url: `${url}/api`, assert: [{ of: "status", equals: 500 }] }, "FAIL status is 200"),
  CHROMIUM === undefined
    ? bad("browser", { action: "open", url: `${url}/page` }, "There is no browser")
    : good("browser", { action: "open", url: `${url}/page` }, "Hello"),
  bad("browser", { action: "click" }, 'needs "target"'),
  ...(CHROMIUM === undefined ? [good("browser", { action: "close" }, "The browser is closed")] : []),
]

const asking = () => [
  good("look_at", { path: "white.png", question: "What is it?" }, "suggestions"),
  bad("look_at", { path: "a.txt", question: "What is it?" }, "is no image"),
  good("code_review", { target: "uncommitted" }, "No findings."),
  bad("code_review", { target: "commit:nowhere" }, "git did not succeed"),
  good("testgen", { file: "twice.ts", framework: "bun:test" }, "holds()"),
  bad("testgen", { file: "nope.ts" }, "Name a framework"),
  good("bug_localize", { error: "Error\n    at twice.ts:2:1" }, "No cause was found"),
  bad("bug_localize", { error: "" }, "error"),
  good("refactor", { files: ["twice.ts"] }, "Nothing to suggest"),
  bad("refactor", { files: ["nope.ts"] }, "nothing is there"),
]

const agents = () => [
  good("task", { ...ASSIGNED, agent: "coder", prompt: "Write it.", isolation: "worktree" }, "Written."),
  bad("task", { ...ASSIGNED, agent: "nobody" }, "There is no agent"),
  good("parallel_tasks", { tasks: [ASSIGNED, ASSIGNED] }, "Looked."),
  bad("parallel_tasks", { tasks: [] }, "tasks"),
  good("orchestrate", { stages: [[ASSIGNED], [ASSIGNED]] }, "# Stage 2"),
  bad("orchestrate", { stages: [] }, "stages"),
  good("pipeline", { steps: [ASSIGNED] }, "Looked."),
  bad("pipeline", { steps: [] }, "steps"),
  ...["oracle", "finder", "librarian"].flatMap((name) => [
    good(name, { prompt: `Look, ${name}.` }, "Looked."),
    bad(name, { prompt: "" }, "prompt"),
  ]),
]

const merging = () => [
  good("agent", { action: "kinds" }, "finder"),
  bad("agent", { action: "stop", id: "nobody" }, "No agent is called"),
  good("worktree", { action: "list" }, "coder"),
  bad("worktree", { action: "merge" }, "needs the id of one"),
]

const planning = () => [
  good("plan_enter", {}, "The mode is plan now"),
  bad("plan_enter", { why: "so" }, "Unrecognized key"),
  bad("plan_exit", { plan: "" }, "plan"),
  good("plan_exit", { plan: "1. Done" }, "The plan is kept"),
]

/** For the models that tools ask: each takes what is its own. */
const ANSWER = JSON.stringify({ findings: [], causes: [], suggestions: [], code: "test('it holds()')", notes: "None." })

/** What is said to this request: the next calls, or what a model says that a tool or an agent asks. */
export function reply(
  { said, system, results, tools }: Conversation,
  next: () => readonly Call[] | undefined,
  byName: ReadonlySet<string>,
): Reply {
  const [prompt = ""] = said
  if (prompt.startsWith("Write it.")) {
    if (results.length > 0) return { text: "Written." }
    return { calls: [{ name: "write", args: { path: "theirs.txt", content: "theirs\n" } }] }
  }
  if (!prompt.startsWith(PROMPT)) return { text: tools.length === 0 || system === "" ? ANSWER : "Looked." }
  const step = next()
  if (step === undefined) return { text: "All tools were used." }
  return { calls: step.map((call) => asCalled(call, byName)) }
}

/** As a model calls it: by name, where the request tells of it by its name. */
function asCalled(
  { tool, input }: Call,
  byName: ReadonlySet<string>,
): { readonly name: string; readonly args: unknown } {
  return byName.has(tool) ? { name: "call_tool", args: { name: tool, input } } : { name: tool, args: input }
}

export type Results = readonly {
  is(tool: string, input: unknown): boolean
  readonly isError: boolean
  readonly text: string
}[]

interface Block {
  readonly type: string
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  readonly tool_use_id?: string
  readonly is_error?: boolean
  readonly content?: readonly { readonly text?: string }[]
}

/** What the session that used every tool was told of each call, from the last of its requests. */
export function resultsIn(requests: readonly string[]): Results {
  const bodies = requests.map((text): { messages: readonly { content: readonly Block[] }[] } => JSON.parse(text))
  const longest = bodies.reduce((a, b) => (b.messages.length > a.messages.length ? b : a))
  const blocks = longest.messages.flatMap(({ content }) => content)
  return blocks.flatMap((block) => {
    if (block.type !== "tool_use") return []
    const called = JSON.stringify([block.name, block.input])
    const result = blocks.find((each) => each.tool_use_id === block.id)
    const is = (tool: string, input: unknown) =>
      called === JSON.stringify([tool, input]) || called === JSON.stringify(["call_tool", { name: tool, input }])
    const text = (result?.content ?? []).map(({ text = "" }) => text).join("\n")
    return [{ is, isError: result?.is_error === true, text }]
  })
}
