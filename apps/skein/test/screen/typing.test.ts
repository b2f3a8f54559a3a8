import { expect, test } from "bun:test"
import { type Driven, percentilesOf } from "@skein/term/driven"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = IS_SOAK ? 300_000 : 60_000
const KEYS = IS_SOAK ? 500 : 60
/** What is promised, and ten times as much where the machine is shared. */
const P50_MS = IS_SOAK ? 16 : 160
const P99_MS = IS_SOAK ? 50 : 500
const FLOOD = { name: "bash", args: { command: "while :; do seq 1 20000; sleep 0.02; done" } }
const PASTE_BYTES = 1_000_000

describeBinary("typing", () => {
  test(
    "is at once while a tool floods the screen",
    async () => {
      using talk = talking({ text: "Flooding.", calls: [FLOOD] }, { text: "Stopped." })
      const driven = seated(talk.scene, { columns: 120, rows: 40, args: ["--mode", "full", "--no-sandbox"] })
      await driven.waitFor("claude")
      expect(await underFlood(driven)).toEqual({ isUsual: true, isMost: true })
    },
    HANG_MS,
  )

  test(
    "may begin with the first frame: Enter sends, and nothing that is typed is drawn by the terminal itself",
    async () => {
      for (let time = 0; time < 3; time++) {
        using talk = talking({ text: "Hello there." })
        const driven = seated(talk.scene)
        await driven.waitFor("›")
        driven.type("hi")
        driven.press("enter")
        await driven.waitFor("Hello there.")
        expect(talk.lastSaid()).toBe("hi")
        expect(driven.text()).toMatch(/\/project\n(?:\n {2}\/resume .*(?:\n {11}.*)*\n)?\n› hi\n\n {2}Hello there\./)
        expect(await left(driven)).toBe(0)
        expect(flawsIn(driven)).toEqual([])
        const written = Buffer.concat(driven.recording.entries.flatMap((one) => ("bytes" in one ? [one.bytes] : [])))
        // Sooner the terminal edits lines by itself, and makes another key of Enter.
        expect(written.indexOf("\u001b[?2004h")).toBeLessThan(written.indexOf("skein"))
      }
    },
    HANG_MS,
  )

  test(
    "a megabyte that is pasted is one chip, sends nothing by itself, and arrives whole",
    async () => {
      using talk = talking({ text: "Received." })
      const driven = seated(talk.scene)
      await driven.waitFor("claude")
      const text = Array.from({ length: PASTE_BYTES / 20 }, (_, at) => `row ${String(at).padStart(8, "0")} é漢`).join(
        "\n",
      )
      driven.paste(text)
      await driven.until((seen) => /\[.*lines?.*\]|\[.*pasted.*\]/i.test(seen), "a chip", HANG_MS)
      expect(talk.server.conversations).toHaveLength(0)
      driven.press("enter")
      await driven.waitFor("Received.", HANG_MS)
      expect(talk.lastSaid()).toBe(text)
      await left(driven)
    },
    HANG_MS,
  )

  test(
    "a newline is typed by Shift+Enter, Ctrl+J, Alt+Enter and a backslash before Enter",
    async () => {
      using talk = talking({ text: "Received." })
      const driven = seated(talk.scene)
      await driven.waitFor("claude")
      for (const [word, ...keys] of [
        ["one", "shift+enter"],
        ["two", "ctrl+j"],
        ["three", "alt+enter"],
        ["more", "\\", "enter"],
      ] as const) {
        driven.type(word)
        await driven.waitFor(word)
        for (const key of keys) {
          driven.press(key)
          await driven.waitStable(40)
        }
      }
      driven.type("four")
      await driven.waitFor("four")
      await driven.waitStable(40)
      driven.press("enter")
      await driven.waitFor("Received.")
      expect(talk.lastSaid()).toBe("one\ntwo\nthree\nmore\nfour")
      await left(driven)
    },
    HANG_MS,
  )

  test(
    "the cursor stands after what was typed, however wide it is",
    async () => {
      using talk = talking({ text: "Received." })
      const driven = seated(talk.scene, { isXterm: true })
      await driven.waitFor("claude")
      const places: [string, number][] = []
      let typed = ""
      for (const text of ["a", "漢", "字", "e\u0301", "👩‍👧", "한", "ab", "🇩🇪", "ש", "❤️"]) {
        typed += text
        driven.type(text)
        await driven.waitFor(typed)
        await driven.waitStable(60)
        places.push([typed, driven.caret().column])
      }
      expect(places).toEqual(places.map(([text]) => [text, 2 + Bun.stringWidth(text)]))
      await left(driven)
    },
    HANG_MS,
  )
})

/** Asks for the flood, types into it, and leaves. */
async function underFlood(driven: Driven) {
  driven.type("go")
  await driven.waitFor("go")
  driven.press("enter")
  await driven.waitFor(/bash[^\n]*(MB|kB)/)
  const { p50, p99 } = percentilesOf(await keysSeen(driven, KEYS))
  driven.press("escape")
  await left(driven)
  expect(flawsIn(driven)).toEqual([])
  return { isUsual: p50 < P50_MS || p50, isMost: p99 < P99_MS || p99 }
}

async function keysSeen(driven: Driven, count: number): Promise<number[]> {
  const times: number[] = []
  let typed = ""
  for (let key = 0; key < count; key++) {
    // No stretch of it comes twice, so that what is seen is what was just typed.
    const next = String.fromCharCode(97 + (((key * key * 7 + key * 3 + (key >> 2)) >>> 1) % 26))
    typed = `${typed}${next}`.slice(-30)
    const wanted = typed
    const fromMs = driven.now()
    driven.type(next)
    await driven.until((text) => text.includes(wanted), `${wanted} in the composer`)
    times.push(driven.now() - fromMs)
  }
  return times
}
