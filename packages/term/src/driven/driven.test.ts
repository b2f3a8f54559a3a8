import { expect, test } from "bun:test"
import { bytesOfChord } from "./chords.ts"
import { percentilesOf, wrongIn } from "./evidence.ts"
import { type Expected, type FindingKind, findingsOf } from "./findings.ts"
import { stretchesOf } from "./recording.ts"
import { playScenario } from "./scenario.ts"
import { stepOf } from "./steps.ts"

const HANG_MS = 30_000
const SIZE = { columns: 40, rows: 8 }
const frame = (text: string) => `\x1b[?2026h${text}\x1b[?2026l`

test("a recording is cut at the marks of synchronized output, across any pieces", () => {
  const text = `\x1b[?2004h${frame("one")}${frame("two\x1b[K")}`
  const cut = (pieces: readonly string[]) =>
    stretchesOf(recorded(pieces)).map(({ isFrame, bytes }) => [isFrame, Buffer.from(bytes).toString()])
  const wanted = [
    [false, "\x1b[?2004h"],
    [true, "one"],
    [true, "two\x1b[K"],
  ]
  expect(cut([text])).toEqual(wanted)
  expect(cut([...text])).toEqual(wanted)
})

test.each<readonly [what: string, written: string, kind: FindingKind]>([
  ["a wiped screen", frame("\x1b[2J"), "clear"],
  ["a wiped scrollback", frame("\x1b[3J"), "clear"],
  ["a screen wiped from its top", frame("\x1b[1;1H\x1b[m\x1b[J"), "clear"],
  ["a terminal that is reset", frame("\x1bc"), "clear"],
  ["a title", frame("\x1b]0;mine\x07"), "beyond_cells"],
  ["a clipboard that is filled", frame("\x1b]52;c;AAAA\x07"), "beyond_cells"],
  ["a color that is changed", frame("\x1b]11;#000000\x1b\\"), "beyond_cells"],
  ["a picture", frame("\x1b_Gf=100;AAAA\x1b\\"), "beyond_cells"],
  ["a region of scrolling", frame("\x1b[2;5r"), "scroll_region"],
  ["text outside of a frame", "hello", "outside_frame"],
  ["a row wiped outside of a frame", "\x1b[K", "outside_frame"],
  ["a frame that does not end", "\x1b[?2026hhello", "open_frame"],
  ["a mouse that is taken", "\x1b[?1000h", "mouse"],
  ["a control character", frame("a\x01b"), "stray"],
  ["broken UTF-8", `${frame("")}\x1b[?2026h\ufffd\x1b[?2026l`, "stray"],
])("%s is found", (_what, written, kind) => {
  expect(kinds(written)).toContain(kind)
})

test("frames alone, with questions and moves of the cursor between them, are no finding", () => {
  expect(kinds(`\x1b[?2004h\x1b[c\x1b[3A${frame("a\x1b[1mb\x1b[m\r\n\x1b[K")}\x1b[?25l\x07`)).toEqual([])
})

test("links, questions, a row wiped at the top and what is meant are no finding", () => {
  expect(kinds(frame("\x1b]8;;https://a\x1b\\b\x1b]8;;\x1b\\\x1b[H\x1b[K\x1b[Hx\x1b[J\x1b[2;1H\x1b[J"))).toEqual([])
  expect(kinds("\x1b]11;?\x1b\\\x1b]4;1;?\x07\x1bP+q544e\x1b\\")).toEqual([])
  expect(kinds("\x1b]0;mine\x07\x1b]52;c;AAAA\x07", { meant: [0] })).toEqual(["beyond_cells"])
})

test("what is painted before it can be known that there are frames is no finding, where there are some", () => {
  expect(kinds(`welcome${frame("a")}`)).toEqual([])
  expect(kinds(`welcome${frame("a")}b`)).toEqual(["outside_frame"])
})

test("what is said when the terminal was given back is no finding", () => {
  expect(kinds(`\x1b[?2004h${frame("a")}\x1b[?2004lGo on with: skein resume\r\n`)).toEqual([])
})

test("after the end nothing may be left switched on", () => {
  expect(kinds("\x1b[?2004h\x1b[?25l\x1b[?2004l\x1b[?25h", { hasEnded: true })).toEqual([])
  expect(kinds("\x1b[?2004h\x1b[?25l", { hasEnded: true })).toEqual(["left_behind", "left_behind"])
})

test.each<readonly [what: string, written: string, left: readonly string[]]>([
  ["a keyboard that was pushed and popped", "\x1b[>5u\x1b[<u", []],
  ["a keyboard that was pushed", "\x1b[>5u", ["the keyboard protocol"]],
  ["a keyboard that was set", "\x1b[=1u", ["the keyboard protocol"]],
  [
    "a keyboard pushed on one screen and popped on the other",
    "\x1b[>5u\x1b[?1049h\x1b[<u\x1b[?1049l",
    ["the keyboard protocol"],
  ],
  [
    "a keyboard of the other screen",
    "\x1b[?1049h\x1b[>5u\x1b[?1049l\x1b[<u",
    ["the keyboard protocol of the alternate screen"],
  ],
  ["other keys", "\x1b[>4;2m", ["modifyOtherKeys"]],
  ["other keys that are off again", "\x1b[>4;2m\x1b[>4m", []],
  ["rows that do not wrap", "\x1b[?7l", ["lines do not wrap"]],
  ["all of it after a reset", "\x1b[>5u\x1b[>4;2m\x1b[?7l\x1b[?1049h\x1bc", []],
])("of %s is left what a shell would meet", (_what, written, left) => {
  const found = findingsOf(recorded([written]), { hasEnded: true }).filter(({ kind }) => kind === "left_behind")
  expect(found.map(({ detail }) => detail)).toEqual([...left])
})

test("keys are what xterm sends", () => {
  const chords = ["a", "enter", "ctrl+c", "alt+b", "shift+tab", "up", "ctrl+left", "f5", "shift+enter", "alt+enter"]
  expect(chords.map(bytesOfChord)).toEqual([
    ...["a", "\r", "\x03", "\x1bb", "\x1b[Z", "\x1b[A", "\x1b[1;5D", "\x1b[15~", "\x1b[13;2u", "\x1b\r"],
  ])
  expect(() => bytesOfChord("ctrl+nothing")).toThrow("There is no key")
})

test("a step that is none says which there are", () => {
  expect(stepOf("resize:100x20")).toEqual({ kind: "resize", size: { columns: 100, rows: 20 } })
  expect(stepOf("expect:a:b")).toEqual({ kind: "expect", text: "a:b" })
  expect(() => stepOf("click:here")).toThrow("There are line, type, key")
  expect(() => stepOf("resize:0x20")).toThrow("100x20")
})

test("percentiles are values that were measured", () => {
  expect(percentilesOf([3, 1, 2])).toEqual({ count: 3, p50: 2, p95: 3, p99: 3, most: 3 })
  expect(percentilesOf([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, most: 0 })
})

test(
  "a scenario is played in a real terminal, and its evidence can be judged without it",
  async () => {
    const steps = ["line:hello", "expect:heard hello", "resize:60x10", "snapshot:end", "line:quit", "exit:3"]
    const evidence = await played(steps)
    expect(evidence.steps.map(({ status }) => status)).toEqual(Array(6).fill("done"))
    expect([evidence.exitCode, evidence.snapshots.end?.includes("heard hello")]).toEqual([3, true])
    expect(wrongIn(evidence)).toEqual([])
    expect(wrongIn({ ...evidence, isOk: !evidence.isOk })).toHaveLength(1)
    expect(wrongIn({ ...evidence, latenciesMs: [...evidence.latenciesMs, 1] })).toHaveLength(1)
    const otherwise = (what: string) => [`Of ${what} the recording says otherwise.`]
    expect(wrongIn({ ...evidence, frames: evidence.frames + 1 })).toEqual(otherwise("frames"))
    expect(wrongIn({ ...evidence, bytes: evidence.bytes + 1 })).toEqual(otherwise("bytes"))
    expect(wrongIn({ ...evidence, largestFrameBytes: 1 })).toEqual(otherwise("the largest frame"))
    expect(wrongIn({ ...evidence, isOk: true, findings: [] })).toEqual(otherwise("findings"))
    expect(wrongIn({ ...evidence, screen: { ...evidence.screen, lines: ["mine"] } })).toEqual(otherwise("the screen"))
    expect(wrongIn({ ...evidence, version: 2 })).toEqual(["It is no evidence of version 1."])
  },
  HANG_MS,
)

test(
  "a text that does not come fails its step with the screen as it is, and the rest is not done",
  async () => {
    const evidence = await played(["line:hello", "expect:heard nothing", "line:quit"], 500)
    expect(evidence.steps.map(({ status }) => status)).toEqual(["done", "failed"])
    expect(evidence.steps[1]?.reason).toContain("heard hello")
    expect(evidence.isOk).toBe(false)
  },
  HANG_MS,
)

test(
  "a program that shows no key, spins meanwhile, stays at Ctrl+C and keeps what it switched on is not ok",
  async () => {
    const spin = "trap '' INT; stty -echo; printf '\\033[?2004hready'; while :; do printf '\\r|'; sleep 0.02; done"
    const { findings, isOk, latenciesMs, exitCode } = await playedBy(spin, ["expect:|", "type:ab"], { leaveMsMax: 300 })
    expect([isOk, exitCode, findings.some(({ kind }) => kind === "goes_on")]).toEqual([false, undefined, true])
    expect([latenciesMs.length, latenciesMs.every((ms) => ms >= 1000)]).toEqual([2, true])
  },
  HANG_MS,
)

test(
  "a character counts as seen when it is where it was typed, wide ones and at the edge too",
  async () => {
    const evidence = await playedBy("echo ready; cat", ["expect:ready", `type:${"a b漢".repeat(9)}`])
    expect([evidence.latency.count, evidence.latency.most < 1000]).toEqual([36, true])
  },
  HANG_MS,
)

test(
  "nobody types into a program that has ended",
  async () => {
    const { steps } = await playedBy("echo ready", ["expect:ready", "exit:0", "type:a"])
    expect(steps.at(-1)).toMatchObject({ status: "failed", reason: "it had ended" })
  },
  HANG_MS,
)

/** A shell that answers each line. */
async function played(steps: readonly string[], durationMsMax?: number) {
  const loop = 'echo ready; while read -r line; do [ "$line" = quit ] && exit 3; echo "heard $line"; done'
  return playedBy(loop, steps, { durationMsMax })
}

async function playedBy(
  script: string,
  steps: readonly string[],
  {
    durationMsMax = 20_000,
    leaveMsMax,
  }: { readonly durationMsMax?: number | undefined; readonly leaveMsMax?: number } = {},
) {
  const env = { PATH: process.env.PATH ?? "", LANG: "C.UTF-8" }
  const scenario = { command: ["/bin/sh", "-c", script], env, cwd: "/", size: SIZE, durationMsMax, leaveMsMax }
  return (await playScenario({ ...scenario, steps: steps.map(stepOf) })).evidence
}

function kinds(written: string, expected: Expected = {}) {
  return findingsOf(recorded([written]), expected).map(({ kind }) => kind)
}

function recorded(pieces: readonly string[]) {
  return { size: SIZE, entries: pieces.map((piece, atMs) => ({ atMs, bytes: Buffer.from(piece) })) }
}
