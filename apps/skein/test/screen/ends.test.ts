import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Driven } from "@skein/term/driven"
import { WHO, type Who } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"
import { processesLeft } from "../ground/processes.ts"
import { eventsOf } from "../ground/scene.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { foreignIn } from "../ground/sequences.ts"
import { type Talking, talking } from "../ground/talking.ts"

// A hang guard: an end takes a second, on a machine that does much else far more.
setDefaultTimeout(60_000)

const GONE_MS = 5_000
const WRITE = { name: "write", args: { path: "clock.ts", content: "export {}\n" } }
const SLEEP = { name: "bash", args: { command: "trap '' INT TERM HUP; touch began; sleep 100 & sleep 101 & wait" } }

/** What it is in the middle of. */
interface Middle {
  readonly name: string
  readonly begin: () => Talking
  readonly args?: readonly string[]
  /** Whether a question waits for the person. */
  readonly isAsked?: boolean
  readonly reached: (driven: Driven, talk: Talking) => Promise<unknown>
}

const AGAIN = { text: "Went on." }
const MIDDLES: readonly Middle[] = [
  {
    name: "nothing was said",
    begin: () => talking(AGAIN),
    reached: async () => undefined,
  },
  {
    name: "an answer streams",
    begin: () =>
      talking(async ({ answer, bytes }) => {
        await answer.head(200)
        await answer.piece(bytes({ text: "A long story. ".repeat(9) }).subarray(0, 900))
        await answer.gone
      }, AGAIN),
    reached: (driven) => driven.waitFor("A long story."),
  },
  {
    name: "an approval waits",
    begin: () => talking({ text: "I will.", calls: [WRITE] }, AGAIN),
    isAsked: true,
    reached: (driven) => driven.waitFor(/y +once/),
  },
  {
    name: "a command runs",
    begin: () => talking({ text: "I will.", calls: [SLEEP] }, AGAIN),
    args: ["--mode", "auto"],
    async reached(driven, { scene }) {
      await driven.waitFor(/touch began/)
      while (!existsSync(scene.path("began"))) await Bun.sleep(5)
    },
  },
  {
    name: "the whole screen is used",
    begin: () => talking({ text: "I will.", calls: [WRITE] }, AGAIN),
    args: ["--full-screen"],
    isAsked: true,
    reached: (driven) => driven.waitFor(/y +once/),
  },
]

/** Nobody answered and nobody stopped it: the question is there again, and a no is a no. */
async function isAskedAgain({ scene }: Talking, who: Who): Promise<void> {
  const again = seated(scene, { args: ["resume", "--last"], who })
  await again.waitFor(/y +once/)
  again.press("y")
  await again.waitFor("before this could be read")
  expect(existsSync(scene.path("clock.ts"))).toBe(false)
  await Bun.sleep(600)
  again.press("n")
  await again.waitFor("Went on.")
  expect(await left(again)).toBe(0)
  expect(existsSync(scene.path("clock.ts"))).toBe(false)
}

async function into({ begin, args = [], reached, name }: Middle, who: Who): Promise<{ talk: Talking; driven: Driven }> {
  const talk = begin()
  const driven = seated(talk.scene, { args, who })
  await driven.waitFor("claude")
  await driven.waitStable(60)
  if (name === "nothing was said") return { talk, driven }
  driven.type("wait for me")
  await driven.waitFor("› wait for me")
  driven.press("enter")
  await reached(driven, talk)
  return { talk, driven }
}

/** The same machine later: what was said is there, and it goes on. */
async function goesOn({ scene, server }: Talking, who: Who): Promise<void> {
  const again = seated(scene, { args: ["resume", "--last"], who })
  await again.waitFor("wait for me")
  await again.waitFor(/^›/m)
  again.type("go on")
  await again.waitFor("› go on")
  again.press("enter")
  await again.waitFor("Went on.")
  expect(server.conversations.at(-1)?.said).toContain("wait for me")
  expect(await left(again)).toBe(0)
  const log = scene.files(join(scene.data, "sessions")).find((path) => /ses_[\w-]+\.jsonl$/.test(path)) ?? ""
  const text = readFileSync(log, "utf8")
  expect(text.endsWith("\n")).toBe(true)
  const outcomes = eventsOf(text).flatMap((event) => (event.type === "turn.ended" ? [event.outcome.kind] : []))
  expect(outcomes).toEqual(["interrupted", "completed"])
  expect(existsSync(scene.path("clock.ts"))).toBe(false)
}

for (const who of WHO) {
  describeBinary.each(MIDDLES)(`the end while $name, as ${who}`, (middle) => {
    test("by SIGTERM gives the terminal back, leaves nothing running and a session that goes on", async () => {
      const { talk, driven } = await into(middle, who)
      using _ = talk
      process.kill(driven.pid, "SIGTERM")
      expect(await driven.exited).toBe(143)
      await driven.waitStable(50)
      expect(await processesLeft(talk.scene.root, GONE_MS)).toEqual([])
      expect(flawsIn(driven, { isFullScreen: middle.args?.includes("--full-screen") ?? false })).toEqual([])
      expect(foreignIn(driven.recording)).toEqual([])
      expect(keyboardIsBack(driven)).toBe(true)
      await driven.close()
      if (middle.name !== "nothing was said") await goesOn(talk, who)
    })

    test("by a terminal that is gone leaves nothing running and a session that goes on", async () => {
      const { talk, driven } = await into(middle, who)
      using _ = talk
      driven.hangUp()
      expect(await driven.exited).toBe(129)
      expect(await processesLeft(talk.scene.root, GONE_MS)).toEqual([])
      if (middle.name !== "nothing was said") await goesOn(talk, who)
    })

    test("by SIGKILL leaves nothing running and a session that goes on", async () => {
      const { talk, driven } = await into(middle, who)
      using _ = talk
      process.kill(driven.pid, "SIGKILL")
      await driven.exited
      expect(await processesLeft(talk.scene.root, GONE_MS)).toEqual([])
      await driven.close()
      if (middle.isAsked === true) await isAskedAgain(talk, who)
      else if (middle.name !== "nothing was said") await goesOn(talk, who)
    })
  })
}

describeBinary("a turn that was cut off", () => {
  const running = MIDDLES.filter(({ name }) => name === "a command runs")
  const ends = [
    ["hangUp", (driven: Driven) => driven.hangUp(), "Cut off: the terminal went away."],
    ["SIGTERM", (driven: Driven) => process.kill(driven.pid, "SIGTERM"), "Cut off: skein was asked to end."],
    ["SIGKILL", (driven: Driven) => process.kill(driven.pid, "SIGKILL"), "Cut off: skein was stopped"],
  ] as const

  test.each(ends)("by %s says so when it is opened again", async (_, end, words) => {
    for (const middle of running) {
      const { talk, driven } = await into(middle, "self")
      using _ = talk
      end(driven)
      await driven.exited
      const again = seated(talk.scene, { args: ["resume", "--last"] })
      await again.waitFor(words)
      expect(await left(again)).toBe(0)
    }
  })
})

describeBinary.each(MIDDLES)("a stop while $name", (middle) => {
  test("gives the terminal back, and going on takes it again with nothing lost", async () => {
    const { talk, driven } = await into(middle, "self")
    using _ = talk
    const pid = driven.pid
    for (const stop of ["SIGTSTP", "SIGSTOP"] as const) {
      process.kill(pid, stop)
      await stateOf(pid, "T")
      // What it wrote before it stopped may still be on its way.
      await driven.waitStable(100)
      if (stop === "SIGTSTP") expect([modesOn(driven), keyboardIsBack(driven)]).toEqual([[], true])
      process.kill(pid, "SIGCONT")
      await driven.until(() => modesOn(driven).includes("2004"), "the terminal, taken again")
      await middle.reached(driven, talk)
    }
    process.kill(pid, "SIGTERM")
    expect(await driven.exited).toBe(143)
    expect(await processesLeft(talk.scene.root, GONE_MS)).toEqual([])
    expect(modesOn(driven)).toEqual([])
    await driven.close()
  })
})

async function stateOf(pid: number, state: string): Promise<void> {
  const endsAt = performance.now() + GONE_MS
  while (!new RegExp(`^\\d+ \\(.*\\) ${state}`).test(readFileSync(`/proc/${pid}/stat`, "utf8"))) {
    if (performance.now() > endsAt) throw new Error(`It never came to the state ${state}`)
    await Bun.sleep(5)
  }
}

const all = ({ recording }: Driven) =>
  Buffer.concat(recording.entries.flatMap((entry) => ("bytes" in entry ? [entry.bytes] : []))).toString()

/** Modes that are on and must not be when the terminal is somebody else's; a hidden cursor is one. */
function modesOn(driven: Driven): string[] {
  const on = new Map<string, boolean>()
  for (const [, modes = "", way] of all(driven).matchAll(/\u001b\[\?([\d;]+)([hl])/g)) {
    for (const mode of modes.split(";")) on.set(mode, mode === "25" || mode === "7" ? way === "l" : way === "h")
  }
  return [...on].flatMap(([mode, isOn]) => (isOn ? [mode] : []))
}

/** As many pops as pushes. */
function keyboardIsBack(driven: Driven): boolean {
  const text = all(driven)
  const count = (sequence: string) => text.split(sequence).length - 1
  return count("\u001b[>5u") === count("\u001b[<u") && count("\u001b[>4;2m") === count("\u001b[>4m")
}
