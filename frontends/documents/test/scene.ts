import type { Item, SessionView, ToolCall } from "@skein/protocol"

const call = (
  index: number,
  facts: Partial<ToolCall> & Pick<ToolCall, "name" | "title" | "toolKind" | "state">,
): ToolCall => ({
  kind: "tool_call",
  turnId: "trn_1",
  step: index,
  callId: `cal_${index}`,
  index: 0,
  locations: [],
  ...facts,
})

const said = (id: string, text: string, isSteer = false): Item => ({
  kind: "user_message",
  turnId: `trn_${id}`,
  inputId: `inp_${id}`,
  input: [{ type: "text", text }],
  isSteer,
})

const answer = (step: number, text: string): Item => ({
  kind: "agent_message",
  turnId: "trn_1",
  step,
  itemId: `itm_${step}`,
  index: 0,
  text,
  status: "complete",
})

/** One white pixel. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="

const DIFF = `--- a/src/checkout/debounce.ts
+++ b/src/checkout/debounce.ts
@@ -16,5 +16,5 @@
 export function debounce(flush: () => void, clock: Clock) {
-  const timer = setTimeout(flush, 300)
+  const timer = clock.after(300, flush)
   return () => timer.cancel()
 }`

const ITEMS: readonly Item[] = [
  {
    kind: "user_message",
    turnId: "trn_1",
    inputId: "inp_1",
    input: [
      { type: "text", text: "Make the checkout test deterministic.\n\nIt fails once in ten runs, see the picture." },
      { type: "image", mediaType: "image/png", data: PIXEL, name: "failure.png" },
    ],
    isSteer: false,
  },
  {
    kind: "context",
    sections: [
      { source: "agents_md", path: "/home/dev/shop/AGENTS.md", text: "Use pnpm.", sha256: "00", bytes: 9, tokens: 3 },
    ],
  },
  {
    kind: "reasoning",
    turnId: "trn_1",
    step: 1,
    itemId: "itm_r",
    index: 0,
    text: "The test sleeps for the debounce.",
    status: "complete",
    providerData: { wire: "anthropic", provider: "anthropic", model: "claude", data: "OPAQUE" },
  },
  answer(
    1,
    "The test sleeps for the debounce. I will **inject the clock** instead:\n\n1. `debounce` takes a clock\n2. the test gives a fake one\n\n```ts\nconst clock = fakeClock()\n```",
  ),
  call(2, {
    name: "read",
    title: "read src/checkout/debounce.ts",
    toolKind: "read",
    state: "success",
    input: { path: "src/checkout/debounce.ts" },
    result: {
      forModel: [{ type: "text", text: "export function debounce() {}" }],
      forHuman: { kind: "file", body: "export function debounce() {}", summary: "84 lines" },
      durationMs: 4,
      isElided: false,
    },
  }),
  call(3, {
    name: "edit",
    title: "edit src/checkout/debounce.ts",
    toolKind: "edit",
    state: "success",
    input: {
      path: "/home/dev/shop/src/checkout/debounce.ts",
      oldText: "const timer = setTimeout(flush, 300)",
      newText: "const timer = clock.after(300, flush)",
    },
    result: {
      forModel: [{ type: "text", text: "Edited." }],
      forHuman: { kind: "diff", body: DIFF, summary: "+1 −1" },
      changes: [
        { path: "/home/dev/shop/src/checkout/debounce.ts", kind: "update", before: "aa", after: "bb", diff: DIFF },
      ],
      durationMs: 12,
      isElided: false,
    },
  }),
  call(4, {
    name: "write",
    title: "write test/fake-clock.ts",
    toolKind: "edit",
    state: "success",
    input: {
      path: "/home/dev/shop/test/fake-clock.ts",
      content: "export const fakeClock = () => ({\n  after() {},\n})\n",
    },
    result: { forModel: [{ type: "text", text: "Written." }], durationMs: 3, isElided: false },
  }),
  call(5, {
    name: "bash",
    title: "npm test -- checkout",
    toolKind: "execute",
    state: "error",
    input: { command: "npm test -- checkout" },
    result: {
      code: "call.failed",
      forModel: [{ type: "text", text: "✗ applies a coupon\n1 failing\n(exit 1)" }],
      forHuman: { kind: "command", body: "✗ applies a coupon\n1 failing", summary: "exit 1, 31 B" },
      exitCode: 1,
      durationMs: 12_400,
      isElided: false,
    },
  }),
  said("1s", "Also check the cart test.", true),
  call(6, {
    name: "bash",
    title: "for t in checkout cart; do (+3 lines)",
    toolKind: "execute",
    state: "success",
    input: { command: "for t in checkout cart; do\n  npm test -- \"$t\"\ndone\necho 'all' done" },
    result: {
      forModel: [{ type: "text", text: "✓ adds an item (4 ms)\n✓ applies a coupon (2 ms)\nall done" }],
      exitCode: 0,
      durationMs: 64_000,
      isElided: false,
    },
  }),
  call(7, {
    name: "bash",
    title: "git push origin main",
    toolKind: "execute",
    state: "error",
    input: { command: "git push origin main" },
    result: {
      code: "call.denied",
      forModel: [{ type: "text", text: "The person said no." }],
      durationMs: 0,
      isElided: false,
    },
  }),
  answer(8, "Done: the debounce takes a clock; both tests use a fake one.\n\n- checkout: 2 tests\n- cart: 5 tests"),
  { kind: "notice", level: "warning", text: "The provider was slow; one request was sent again." },
  {
    kind: "compaction",
    imagesElided: false,
    summary: "The debounce takes a clock now.",
    tokensBefore: 90_000,
    tokensAfter: 900,
  },
  said("2", "Thanks. What is left?"),
  answer(9, "Nothing that I know of."),
]

export const VIEW: SessionView = {
  sessionId: "ses_1",
  cwd: "/home/dev/shop",
  createdAt: Date.UTC(2026, 2, 1, 9, 0),
  seq: 40,
  title: "Make the checkout test deterministic",
  settings: {
    model: "anthropic/claude-sonnet-4-5",
    mode: "ask",
    sandbox: "workspace-write",
    extraRoots: [],
    limits: {},
  },
  items: ITEMS,
  approvals: [],
  queue: [],
  usage: { input: 12_000, cacheRead: 80_000, cacheWrite: 2_000, output: 3_100, reasoning: 400 },
  microUsd: 184_000,
}

/** Fields whose values are words of ours, and those that nothing is shown of. */
const STRUCTURE = new Set(
  "kind type state status toolKind sessionId turnId inputId itemId callId mediaType data sha256 mode sandbox code level before after source".split(
    " ",
  ),
)

/** The view with something put into every text that a person, a model, a tool or a machine can have written. */
export function planted<T>(value: T, plant: (text: string) => string, key = ""): T {
  const walk = (entry: unknown, name: string): unknown => {
    if (typeof entry === "string") return STRUCTURE.has(name) ? entry : plant(entry)
    if (Array.isArray(entry)) return entry.map((one) => walk(one, name))
    if (typeof entry !== "object" || entry === null) return entry
    return Object.fromEntries(Object.entries(entry).map(([inner, one]) => [inner, walk(one, inner)]))
  }
  return walk(value, key) as T
}
