import { expect, test } from "bun:test"
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "../ground/binary.ts"
import { talking } from "../ground/talking.ts"
import { Window } from "../ground/vscode.ts"
import { Document, person } from "../ground/vscode-api.ts"

const HANG_MS = 60_000
const LINES = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`)
const before = `${LINES.join("\n")}\n`
const changed = (...numbers: number[]) =>
  `${LINES.map((line, at) => (numbers.includes(at + 1) ? `LINE ${at + 1}` : line)).join("\n")}\n`
const edit = (...numbers: number[]) => {
  const edits = numbers.map((at) => ({ oldText: `line ${at}\n`, newText: `LINE ${at}\n` }))
  return { calls: [{ name: "multiedit", args: { path: "a.txt", edits } }] }
}
const ASK = { "skein.mode": "ask" }

interface Asked {
  readonly approvalId: string
  readonly canChoose: boolean
  readonly hunks: readonly { readonly newStart: number }[]
}

interface FactsTold {
  readonly state?: string
  readonly queued?: number
}

const factsOf = (window: Window) => (window.told.get("facts")?.facts ?? {}) as FactsTold
const askedOf = (window: Window) => window.told.get("asked")?.asked as Asked | null | undefined
const say = (text: string) => ({ type: "say", text, delivery: "steer" })

describeBinary("the VS Code extension, its editor played by the test", () => {
  test(
    "chats: the chosen lines and what is wrong with them go along, and the answer comes to the page",
    async () => {
      using talk = talking({ text: "It says **two**." })
      writeFileSync(talk.scene.path("a.txt"), "one\ntwo\nthree\n")
      using window = new Window(talk.scene, ASK)
      const at = (line: number) => ({ start: { line, character: 0 } })
      person.find(talk.scene.path("a.txt"), [
        { range: at(1), severity: 0, message: "Two is odd", source: "lint" },
        { range: at(2), severity: 0, message: "Elsewhere" },
      ])
      person.select(new Document(talk.scene.path("a.txt")), 1, 1)
      expect(window.told.get("along")).toEqual({ type: "along", text: "a.txt, line 2" })
      window.page(say("what is this?"))
      await window.says("It says **two**.")
      const said = talk.server.conversations[0]?.said.join("\n") ?? ""
      expect(said).toContain("a.txt, line 2:\n```plaintext\ntwo\n```")
      expect(said).toContain("a.txt:2:1 error: Two is odd (lint)")
      expect(said).not.toContain("Elsewhere")
      expect(person.said).toEqual([])
    },
    HANG_MS,
  )

  test(
    "an edit is accepted for one hunk of two, and that hunk is taken back in the review",
    async () => {
      using talk = talking(edit(2, 25), { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), before)
      using window = new Window(talk.scene, ASK)
      window.page(say("shout"))
      await window.until(() => askedOf(window) != null)
      const { approvalId, canChoose, hunks } = askedOf(window) as Asked
      expect([canChoose, hunks.map(({ newStart }) => newStart)]).toEqual([true, [1, 22]])
      window.page({ type: "compare", approvalId })
      while (person.tabs.length === 0) await Bun.sleep(5)
      window.page({ type: "answer", approvalId, answer: "allow_once", hunks: [2] })
      await window.says("Done.")
      await window.until(() => factsOf(window).state === "idle")
      expect([talk.scene.read("a.txt"), askedOf(window)]).toEqual([changed(25), null])
      // Nothing is compared any more: it is answered.
      expect(person.tabs).toEqual([])
      await person.run("skein.review")
      const files = () => window.told.get("changes")?.files as { path: string; sha256: string; hunks: unknown[] }[]
      const [file] = files()
      window.page({ type: "revert", path: file?.path, sha256: file?.sha256, hunk: file?.hunks[0] })
      await window.until(() => files().every(({ hunks }) => hunks.length === 0))
      expect([talk.scene.read("a.txt"), person.said]).toEqual([before, []])
    },
    HANG_MS,
  )

  test(
    "a refused edit changes nothing, and the model reads what the person wants instead",
    async () => {
      using talk = talking(edit(2, 25), { text: "Then not." })
      writeFileSync(talk.scene.path("a.txt"), before)
      using window = new Window(talk.scene, ASK)
      window.page(say("shout"))
      await window.until(() => askedOf(window) != null)
      window.page({
        type: "answer",
        approvalId: askedOf(window)?.approvalId,
        answer: "reject_once",
        feedback: "whisper",
      })
      await window.says("Then not.")
      expect(talk.scene.read("a.txt")).toBe(before)
      expect(talk.server.requests.at(-1)?.text).toContain("whisper")
    },
    HANG_MS,
  )

  test(
    "what is not saved is what the model reads and changes, and nothing that was typed is lost",
    async () => {
      const change = { path: "a.txt", oldText: "line 2\n", newText: "LINE 2\n" }
      const read = { calls: [{ name: "read", args: { path: "a.txt" } }] }
      using talk = talking(read, { calls: [{ name: "edit", args: change }] }, { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), before)
      using window = new Window(talk.scene, { "skein.mode": "accept-edits" })
      const document = new Document(talk.scene.path("a.txt"))
      document.type(before.replace("line 25\n", "line 25typed\n"))
      window.page(say("shout"))
      await window.says("Done.")
      expect(talk.server.requests[1]?.text).toContain("line 25typed")
      const after = changed(2).replace("line 25\n", "line 25typed\n")
      expect([talk.scene.read("a.txt"), document.getText(), document.isDirty]).toEqual([after, after, false])
    },
    HANG_MS,
  )

  test(
    "a turn is stopped, errors that an edit brings are told to it, and a program that is not there is said",
    async () => {
      const begun = Promise.withResolvers<void>()
      const gone = Promise.withResolvers<void>()
      const told = Promise.withResolvers<void>()
      using talk = talking(
        edit(2),
        async (asked) => {
          await told.promise
          await asked.say({ calls: [{ name: "list", args: {} }] })
        },
        ({ answer }) => {
          begun.resolve()
          return answer.gone.then(gone.resolve)
        },
      )
      writeFileSync(talk.scene.path("a.txt"), before)
      using window = new Window(talk.scene, { "skein.mode": "accept-edits", "skein.diagnostics": "off" })
      const path = talk.scene.path("a.txt")
      const old = { range: { start: { line: 20, character: 0 } }, severity: 0, message: "Old" }
      person.find(path, [old])
      window.page(say("shout"))
      await window.until(() => window.blocks.some(({ kind, ...more }) => kind === "call" && "summary" in more))
      person.find(path, [old, { range: { start: { line: 1, character: 4 } }, severity: 0, message: "Broken now" }])
      await window.until(() => (factsOf(window).queued ?? 0) > 0)
      told.resolve()
      await window.says("a.txt:2:5 error: Broken now")
      // Stopped any sooner, the request might never be sent.
      await begun.promise
      window.page({ type: "stop" })
      await window.says("Stopped.")
      await gone.promise
      expect(talk.server.conversations.at(-1)?.said.join("\n")).not.toContain("Old")

      person.settings["skein.command"] = ["/nowhere/skein"]
      await person.run("skein.new")
      const why = "Cannot start /nowhere/skein: set skein.command to where it is."
      expect(person.said).toEqual([`skein: ${why}`])
      await window.says(why)
      window.page(say("never sent"))
      await window.until(() => window.told.get("draft")?.text === "never sent")
    },
    HANG_MS,
  )

  test(
    "in a window of two folders it works in that of the file that is looked at, and names files from there",
    async () => {
      using talk = talking({ text: "I see." })
      const [first, second] = ["first", "second"].map((name) => talk.scene.path(name)) as [string, string]
      for (const folder of [first, second]) mkdirSync(folder)
      writeFileSync(join(second, "a.txt"), "one\ntwo\n")
      using window = new Window(talk.scene, ASK, [first, second])
      window.page(say("where?"))
      await window.until(() => window.told.get("draft")?.text === "where?")
      await window.says("No folder was chosen: skein works in one.")
      person.select(new Document(join(second, "a.txt")), 1, 1)
      window.page(say("here?"))
      await window.says("I see.")
      const said = talk.server.conversations[0]?.said.join("\n") ?? ""
      expect(said).toContain("a.txt, line 2:")
      expect(said).not.toContain("second/a.txt")
      expect(talk.server.requests[0]?.text).toContain(second)
    },
    HANG_MS,
  )

  test(
    "who goes on elsewhere while a session still opens has the last one alone, and a list begins none",
    async () => {
      using talk = talking({ text: "Here." })
      using window = new Window(talk.scene, ASK)
      await person.run("skein.resume")
      expect(person.said).toEqual(["skein: There is no session in this folder yet."])
      const opened = [person.run("skein.new"), person.run("skein.new")]
      await Promise.all(opened)
      window.page(say("hello"))
      await window.says("Here.")
      expect(window.blocks.filter(({ kind }) => kind === "user")).toHaveLength(1)
      // One that was left may still be ending.
      while (sessionsIn(talk.scene.cwd) !== 1) await Bun.sleep(5)
    },
    HANG_MS,
  )
})

/** How many processes serve a session of the folder. */
function sessionsIn(cwd: string): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
      return argv.includes("serve") && readlinkSync(`/proc/${pid}/cwd`) === cwd
    } catch {
      // It is no process, or ended meanwhile.
      return false
    }
  }).length
}
