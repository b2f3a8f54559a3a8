import { expect, test } from "bun:test"
import type { Event } from "@skein/protocol"
import { BLANK, type Drawn, draw } from "./draw.ts"

const STAMP = { v: 1, seq: 1, id: "evt_1", at: 1_000, sessionId: "ses_1", turnId: "trn_1", step: 1 } as const
const NOW: Drawn = { ...BLANK, isPast: false }

/** The screen after these events, each with the fields that matter. */
function screen(events: readonly object[], from: Drawn = NOW): string {
  let drawn = from
  let text = ""
  for (const event of events) {
    const stamped: object = { ...STAMP, ...event }
    const step = draw(stamped as Event, drawn)
    drawn = step.drawn
    text += step.text
  }
  return text
}

const delta = (text: string, itemId = "itm_1") => ({ type: "item.delta", itemId, channel: "text", text })
const whole = (text: string, itemId = "itm_1") => ({ type: "item.completed", itemId, kind: "agent_message", text })
const requested = { type: "call.requested", callId: "cal_1", title: "write a.txt" }
const asks = {
  type: "approval.requested",
  callId: "cal_1",
  subject: "call",
  actions: [{ verb: "write", target: "/p/a.txt", diff: "+one\n+two\n" }],
  reasons: ["it changes files", "they are new"],
  options: ["allow_once", "allow_always", "reject_once"],
}

test("streamed text is indented, and is not shown again when it is whole", () => {
  expect(screen([delta("One\n"), delta("two"), whole("One\ntwo")])).toBe("\n  One\n  two\n")
})

test("a message nobody streamed is shown whole, and two messages have a blank line between them", () => {
  expect(screen([whole("First."), whole("Second.", "itm_2")])).toBe("\n  First.\n\n  Second.\n")
})

test("nothing is kept of messages and calls that are over", () => {
  const settled = { type: "call.settled", callId: "cal_1", outcome: "success" }
  const broken = [delta("On", "itm_2"), { type: "step.discarded" }]
  let drawn = NOW
  for (const event of [delta("One"), whole("One"), requested, asks, settled, ...broken]) {
    const stamped: object = { ...STAMP, ...event }
    drawn = draw(stamped as Event, drawn).drawn
  }
  expect([drawn.shownItems.size, drawn.titles.size, drawn.askedCalls.size]).toEqual([0, 0, 0])
})

test("reasoning is not shown", () => {
  expect(
    screen([
      { ...delta("hm"), channel: "reasoning" },
      { ...whole("hm"), kind: "reasoning" },
    ]),
  ).toBe("")
})

test("a call is told when it starts and how it ended", () => {
  const settled = {
    type: "call.settled",
    callId: "cal_1",
    outcome: "success",
    forHuman: { kind: "diff", summary: "+2 −0" },
  }
  expect(screen([delta("Now"), requested, { type: "call.started", callId: "cal_1" }, settled])).toBe(
    "\n  Now\n  … write a.txt\n  ✓ write a.txt  +2 −0\n",
  )
  expect(screen([requested, { ...settled, outcome: "error", forHuman: undefined }])).toBe("  ✗ write a.txt\n")
})

test("an approval shows what would happen, why it asks, and the keys", () => {
  expect(screen([requested, asks])).toBe(
    [
      "  ◌ write a.txt",
      "    write    /p/a.txt",
      "    +one",
      "    +two",
      "    asks     it changes files; they are new",
      "  y once · s this session · p this project · u everywhere\n  n no · f <what instead>: ",
    ].join("\n"),
  )
})

test("every line of a command that is asked about is shown, and a long diff says how much more there is", () => {
  const command = { ...asks, actions: [{ verb: "run", target: "echo a\nrm -rf b" }] }
  expect(screen([command])).toContain("    run      echo a\n             rm -rf b\n")
  const long = { ...asks, actions: [{ verb: "write", target: "x", diff: "+l\n".repeat(75) }] }
  expect(screen([long])).toContain("\n    ⋯ 15 more lines\n")
})

test("what cannot be allowed for the session is not offered so", () => {
  expect(screen([{ ...asks, options: ["allow_once", "reject_once"] }])).toEndWith(
    "  y once · n no · f <what instead>: ",
  )
})

test("a line that comes while another is open starts on its own", () => {
  const ended = { type: "turn.ended", outcome: { kind: "interrupted" } }
  expect(screen([requested, asks, ended])).toEndWith("<what instead>: \n  stopped\n")
})

test("an attempt that broke off is marked when some of it was shown", () => {
  const discarded = { type: "step.discarded" }
  expect(screen([discarded])).toBe("")
  expect(screen([delta("Half"), discarded])).toBe("\n  Half\n  [the answer broke off and is asked for again]\n")
})

test("waits, notices and failures are told", () => {
  expect(
    screen([
      { type: "retry.scheduled", atMs: 3_500, message: "Overloaded." },
      { type: "notice.posted", text: "Older context was left out." },
      { type: "turn.ended", outcome: { kind: "failed", code: "provider.auth", message: "No." } },
    ]),
  ).toBe("  waits 2.5 s, then tries again: Overloaded.\n  Older context was left out.\n  ✗ No.\n")
})

test("text goes on below a line that was typed into it", () => {
  const begun: object = { ...STAMP, ...delta("Once upon") }
  const drawn = { ...draw(begun as Event, NOW).drawn, isMidLine: false }
  expect(screen([delta(" a time")], drawn)).toBe("   a time")
})

test("what happened before is drawn with the person's words, and asks for nothing", () => {
  const input = [{ type: "text", text: "do it\nnow" }, { type: "image" }]
  const settled = { type: "call.settled", callId: "cal_1", outcome: "success" }
  const past = [
    { type: "turn.started", input },
    requested,
    asks,
    { type: "call.started", callId: "cal_1" },
    settled,
    whole("Done."),
    { type: "turn.ended", outcome: { kind: "completed" } },
    { type: "session.snapshot" },
    { type: "turn.started", input },
  ]
  expect(screen(past, BLANK)).toBe("\n› do it\nnow\n  [image]\n  ✓ write a.txt\n\n  Done.\n")
})

test("a call that failed is told with the first line of why, one that was refused as refused", () => {
  const settled = { type: "call.settled", callId: "cal_1", outcome: "error", code: "call.failed", durationMs: 3 }
  const why = { kind: "text", body: "There is no file nope.txt.\nLook with list.", summary: "failed" }

  expect(screen([requested, { ...settled, forHuman: why }])).toBe("  ✗ write a.txt  There is no file nope.txt.\n")
  expect(screen([requested, { ...settled, forHuman: { ...why, body: "x".repeat(500) } }]).length).toBeLessThan(200)
  const bad = { ...why, body: "The arguments do not fit:\n- path: expected string" }
  expect(screen([requested, { ...settled, forHuman: bad }])).toBe(
    "  ✗ write a.txt  The arguments do not fit: - path: expected string\n",
  )
  const denied = { ...settled, code: "call.denied", forHuman: { ...why, body: "Not allowed: mode plan." } }
  expect(screen([requested, denied])).toBe("  ✗ write a.txt  Not allowed: mode plan.\n")
  expect(screen([requested, asks, denied])).toEndWith("\n  ✗ write a.txt  refused\n")
})

test("a call that took a second or more says how long", () => {
  const settled = { type: "call.settled", callId: "cal_1", outcome: "success", durationMs: 12_340 }
  const exit = { kind: "command", body: "", summary: "exit 0, 87 B" }

  expect(screen([requested, { ...settled, forHuman: exit }])).toBe("  ✓ write a.txt  exit 0, 87 B, 12.3 s\n")
})

test("why a request is asked again is said once, and again when it is another reason or another turn", () => {
  const retry = (message: string) => ({ type: "retry.scheduled", at: 1_000, atMs: 1_500, message })
  const again = screen([retry("Busy."), retry("Busy."), retry("Gone.")])

  expect(again).toBe(
    "  waits 0.5 s, then tries again: Busy.\n  waits 0.5 s, then tries again\n  waits 0.5 s, then tries again: Gone.\n",
  )
  const ended = { type: "turn.ended", outcome: { kind: "interrupted" } }
  expect(screen([retry("Busy."), ended, retry("Busy.")])).toEndWith("again: Busy.\n")
})

test("a command that failed says its last words, one that did well none", () => {
  const body = ["one", "two", "three", "four", "five", "six", "seven", "FAIL cart"].join("\n")
  const settled = { type: "call.settled", callId: "cal_1", durationMs: 10 }
  const end = { ...settled, outcome: "error", forHuman: { kind: "command", body, summary: "exit 1, 40 B" } }
  expect(screen([end])).toContain("exit 1, 40 B\n    ⋯ 2 more lines\n    ┊ three\n")
  expect(screen([end])).toEndWith("    ┊ FAIL cart\n")
  expect(screen([{ ...end, outcome: "success" }])).not.toContain("┊")
})

test("who goes on sees where a conversation was taken back, and nothing where it was brought again", () => {
  const at = (seq: number, type: string, fields: object) =>
    ({ v: 1, seq, id: `evt_${seq}`, at: 0, sessionId: "ses_1", type, ...fields }) as Event
  const said = (seq: number, text: string) => at(seq, "turn.started", { input: [{ type: "text", text }] })
  const ended = (seq: number) => at(seq, "turn.ended", { outcome: { kind: "completed" } })
  const shown = (...events: readonly Event[]) => {
    let drawn = BLANK
    return events.map((event) => {
      const next = draw(event, drawn)
      drawn = next.drawn
      return next.text
    })
  }
  const back = at(4, "session.rewound", { toSeq: 1 })
  const again = at(5, "session.rewound", { toSeq: 3 })
  const note = "  ↶ taken back to an earlier place; /tree shows what was left\n"
  const snapshot = at(9, "session.snapshot", {})
  expect(shown(said(2, "one"), ended(3), back, said(6, "two"), ended(7), snapshot).join("")).toBe(
    `\n› one\n${note}\n› two\n`,
  )
  expect(shown(said(2, "one"), ended(3), back, snapshot).at(-1)).toBe(note)
  expect(shown(said(2, "one"), ended(3), back, again, snapshot).join("")).toBe("\n› one\n")
})

test("a question shows where, what the turn has read, what always would allow, and what can be tried first", () => {
  const question = {
    ...asks,
    ...{ cwd: "/p", taint: ["this turn has read x, which others may have written"] },
    always: { tool: "bash", command: "git push *", decision: "allow", scope: "session" },
    options: ["allow_once", "allow_always", "preview", "reject_once"],
  }
  const text = screen([requested, question])
  expect(text).toContain("    in       /p\n")
  expect(text).toContain("    taint    this turn has read x, which others may have written\n")
  expect(text).toContain("    always   bash: git push *\n")
  expect(text).toEndWith(
    "  y once · s this session · p this project · u everywhere · t try it in a copy\n  n no · f <what instead>: ",
  )
})

test("what a call gave that nobody here wrote, and what it reached, stands on its line", () => {
  const settled = { type: "call.settled", callId: "cal_1", outcome: "success" }
  const provenance = { source: "x", isTrusted: false }
  const network = [
    { host: "a.org", port: 443, decision: "allowed" },
    { host: "b.org", port: 443, decision: "refused" },
  ]
  expect(screen([requested, { ...settled, provenance, network, confinement: "none" }])).toBe(
    "  ✓ write a.txt  untrusted, reached a.org, refused b.org, no sandbox\n",
  )
  expect(screen([requested, { ...settled, provenance: { ...provenance, isTrusted: true } }])).toBe("  ✓ write a.txt\n")
})

test("what a sub-agent asks is headed by its name", () => {
  expect(screen([{ ...asks, agent: { name: "finder", sessionId: "ses_2" } }])).toContain(
    "◌ finder asks: write /p/a.txt",
  )
})
