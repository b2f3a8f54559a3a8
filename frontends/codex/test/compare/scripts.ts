/**
 * What a client sends, as data. Texts that begin with `$` stand for what was kept under that name; `$work` is the folder.
 * `keep` takes values out of an answer or a message by a dotted path.
 */
export type Step =
  /** Only as the first one: what the client can do, for the handshake. */
  | { readonly capabilities: Readonly<Record<string, unknown>> }
  | {
      readonly send: string
      readonly params?: Readonly<Record<string, unknown>>
      readonly keep?: Readonly<Record<string, string>>
    }
  | { readonly await: string; readonly keep?: Readonly<Record<string, string>> }
  | { readonly answer: string; readonly result: Readonly<Record<string, unknown>> }

const START = { cwd: "$work", approvalPolicy: "untrusted", sandbox: "workspace-write" }

function start(more: Readonly<Record<string, unknown>> = {}): Step {
  return { send: "thread/start", params: { ...START, ...more }, keep: { thread: "thread.id" } }
}

function turn(text: string, more: Readonly<Record<string, unknown>> = {}): Step {
  const input = [{ type: "text", text, text_elements: [] }]
  return { send: "turn/start", params: { threadId: "$thread", input, ...more }, keep: { turn: "turn.id" } }
}

const END: Step = { await: "turn/completed" }
const COMMAND = "item/commandExecution/requestApproval"
const FILES = "item/fileChange/requestApproval"

function answer(what: string, decision: string): Step {
  return { answer: what, result: { decision } }
}

const LOOKUP = {
  ...{ type: "function", name: "lookup", description: "Looks a word up" },
  inputSchema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
}

/** Each is run from its own start: a new program, a new home. */
export const SCRIPTS: Readonly<Record<string, readonly Step[]>> = {
  "a simple turn": [start(), turn("say: hello"), END],
  "two turns, and what they add up to": [start(), turn("say: one"), END, turn("say: two"), END],
  "a command that is accepted": [start(), turn("run: echo hi > a.txt; cat a.txt"), answer(COMMAND, "accept"), END],
  "a command that fails": [start(), turn("run: echo no > a.txt; cat a.txt; exit 3"), answer(COMMAND, "accept"), END],
  "a command that is declined": [start(), turn("run: echo hi > a.txt"), answer(COMMAND, "decline"), END],
  "a command that is cancelled": [start(), turn("run: echo hi > a.txt"), answer(COMMAND, "cancel"), END],
  "a command in the sandbox, unasked": [
    start({ approvalPolicy: "never" }),
    turn("run: echo hi > a.txt; cat a.txt"),
    END,
  ],
  "a change that is accepted": [start(), turn("patch: b.txt"), answer(FILES, "accept"), END],
  "a change that nobody is asked about": [start({ approvalPolicy: "never" }), turn("patch: b.txt"), END],
  "a change that is declined": [start(), turn("patch: b.txt"), answer(FILES, "decline"), END],
  "a change that is cancelled": [start(), turn("patch: b.txt"), answer(FILES, "cancel"), END],
  "a steer joins the running turn": [
    start(),
    turn("run: echo hi > a.txt"),
    { await: COMMAND },
    {
      send: "turn/steer",
      params: {
        threadId: "$thread",
        expectedTurnId: "$turn",
        input: [{ type: "text", text: "say: faster", text_elements: [] }],
      },
    },
    answer(COMMAND, "accept"),
    END,
  ],
  "an interrupt": [
    start(),
    turn("hang: I will think about it"),
    { await: "item/agentMessage/delta" },
    { send: "turn/interrupt", params: { threadId: "$thread", turnId: "$turn" } },
    END,
  ],
  "nothing to steer or to interrupt": [
    start(),
    turn("say: hello"),
    END,
    { send: "turn/interrupt", params: { threadId: "$thread", turnId: "$turn" } },
    {
      send: "turn/steer",
      params: { threadId: "$thread", expectedTurnId: "$turn", input: [{ type: "text", text: "x" }] },
    },
  ],
  "the model refuses, and the thread goes on": [start(), turn("refuse: 400"), END, turn("say: better"), END],
  "a fork goes on by itself": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/fork", params: { threadId: "$thread" }, keep: { thread: "thread.id" } },
    turn("say: again"),
    END,
  ],
  "a compaction": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/compact/start", params: { threadId: "$thread" } },
    END,
    { send: "thread/read", params: { threadId: "$thread", includeTurns: true } },
  ],
  "named, listed, read, left and resumed": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/name/set", params: { threadId: "$thread", name: "the first" } },
    { await: "thread/name/updated" },
    { send: "thread/list", params: {} },
    { send: "thread/read", params: { threadId: "$thread", includeTurns: true } },
    { send: "thread/turns/list", params: { threadId: "$thread" } },
    { send: "thread/items/list", params: { threadId: "$thread" } },
    { send: "thread/loaded/list", params: {} },
    { send: "thread/unsubscribe", params: { threadId: "$thread" } },
    { send: "thread/resume", params: { threadId: "$thread" } },
    turn("say: again"),
    END,
  ],
  "archived, listed as such, brought back, deleted": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/archive", params: { threadId: "$thread" } },
    { await: "thread/archived" },
    { send: "thread/list", params: {} },
    { send: "thread/list", params: { archived: true } },
    { send: "thread/unarchive", params: { threadId: "$thread" } },
    { await: "thread/unarchived" },
    { send: "thread/delete", params: { threadId: "$thread" } },
    { send: "thread/read", params: { threadId: "$thread" } },
  ],
  "settings between turns": [
    { capabilities: { experimentalApi: true } },
    start({ approvalPolicy: "on-request", sandbox: "read-only" }),
    {
      send: "thread/settings/update",
      params: { threadId: "$thread", permissions: ":workspace", approvalPolicy: "on-request" },
    },
    { await: "thread/settings/updated" },
    turn("patch: b.txt"),
    END,
    { send: "thread/settings/update", params: { threadId: "$thread", permissions: ":nope" } },
    {
      send: "thread/settings/update",
      params: { threadId: "$thread", permissions: ":workspace", sandboxPolicy: { type: "readOnly" } },
    },
  ],
  "a goal": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/goal/get", params: { threadId: "$thread" } },
    { send: "thread/goal/set", params: { threadId: "$thread", objective: "Ship it", status: "paused" } },
    { await: "thread/goal/updated" },
    { send: "thread/goal/get", params: { threadId: "$thread" } },
    { send: "thread/goal/clear", params: { threadId: "$thread" } },
    { send: "thread/goal/get", params: { threadId: "$thread" } },
  ],
  "a person's own command": [
    start(),
    turn("say: hello"),
    END,
    { send: "thread/shellCommand", params: { threadId: "$thread", command: "echo mine" } },
    END,
    turn("say: seen"),
    END,
  ],
  "a tool of the client's own": [
    { capabilities: { experimentalApi: true } },
    start({ dynamicTools: [LOOKUP], approvalPolicy: "never" }),
    turn('use: lookup {"word":"skein"}'),
    { answer: "item/tool/call", result: { contentItems: [{ type: "inputText", text: "yarn" }], success: true } },
    END,
  ],
  "messages put in by the client": [
    start(),
    {
      send: "thread/inject_items",
      params: {
        threadId: "$thread",
        items: [{ type: "message", role: "user", content: [{ type: "input_text", text: "what I know" }] }],
      },
    },
    turn("say: seen"),
    END,
  ],
  "errors are said alike": [
    { send: "nope/nope", params: {} },
    { send: "turn/start", params: { input: [] } },
    { send: "thread/resume", params: { threadId: "00000000-0000-7000-8000-000000000000" } },
    { send: "thread/read", params: { threadId: "not-an-id" } },
    { send: "turn/start", params: { threadId: "00000000-0000-7000-8000-000000000000", input: [] } },
    { send: "thread/queue/list", params: { threadId: "00000000-0000-7000-8000-000000000000" } },
    { send: "thread/list", params: { cursor: "nonsense" } },
  ],
}
