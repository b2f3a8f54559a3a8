import { describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { describeBinary } from "../ground/binary.ts"
import { NEOVIM, Neovim } from "../ground/neovim.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000
/** Without Neovim these tests are skipped, by name. */
const describeNeovim: typeof describe = NEOVIM === undefined ? (describe.skip as typeof describe) : describeBinary

/** Two changes so far apart that they are two hunks. */
const LINES = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`)
const before = `${LINES.join("\n")}\n`
const changed = (...numbers: number[]) =>
  `${LINES.map((line, at) => (numbers.includes(at + 1) ? `LINE ${at + 1}` : line)).join("\n")}\n`
const edit = (...numbers: number[]) => ({
  calls: [
    {
      name: "multiedit",
      args: {
        path: "a.txt",
        edits: numbers.map((at) => ({ oldText: `line ${at}\n`, newText: `LINE ${at}\n` })),
      },
    },
  ],
})
const OPTIONS = `mode = "ask", reading_ms = 0`

describeNeovim("Neovim with the plugin", () => {
  test(
    "chats: the chosen lines and what is wrong with them go along, and the answer is shown as it comes",
    async () => {
      using talk = talking({ text: "It says **two**." })
      writeFileSync(talk.scene.path("a.txt"), "one\ntwo\nthree\n")
      await using editor = await Neovim.start(talk.scene, ["a.txt"], OPTIONS)
      await editor.value(`vim.diagnostic.set(vim.api.nvim_create_namespace("t"), 0, {
        { lnum = 1, col = 0, message = "Two is odd", severity = 1, source = "lint" },
        { lnum = 2, col = 0, message = "Not in the range", severity = 1 },
      })`)
      await editor.command("2,2Skein what is this?")
      expect(await editor.shows("skein", "It says **two**.")).toContain("› what is this?")
      const said = talk.server.conversations[0]?.said.join("\n") ?? ""
      expect(said).toContain("a.txt, line 2:\n```text\ntwo\n```")
      expect(said).toContain("a.txt:2:1 error: Two is odd (lint)")
      expect(said).not.toContain("Not in the range")
      await editor.until(`require("skein").status():match("^idle · ask") ~= nil`)
    },
    HANG_MS,
  )

  test(
    "an edit is accepted for one hunk of two, the buffer shows it, and that hunk is taken back in the review",
    async () => {
      using talk = talking(edit(2, 25), { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), before)
      await using editor = await Neovim.start(talk.scene, ["a.txt"], OPTIONS)
      await editor.command("Skein shout")
      expect(await editor.shows("skein-approval", "hunk 2 of 2")).toContain("[x] hunk 1 of 2")
      expect(talk.scene.read("a.txt")).toBe(before)
      await editor.until(`vim.bo.filetype == "skein-approval"`)
      await editor.keys("<Space>")
      expect(await editor.lines("skein-approval")).toContain("[ ] hunk 1 of 2")
      await editor.keys("y")
      await editor.shows("skein", "Done.")
      expect(talk.scene.read("a.txt")).toBe(changed(25))
      await editor.until(`vim.fn.getbufline("a.txt", 25)[1] == "LINE 25"`)

      await editor.command("SkeinReview")
      await editor.shows("skein-review", "+LINE 25")
      await editor.keys("u")
      await editor.shows("skein-review", "changed no file")
      expect(talk.scene.read("a.txt")).toBe(before)
      await editor.until(`vim.fn.getbufline("a.txt", 25)[1] == "line 25"`)
    },
    HANG_MS,
  )

  test(
    "a refused edit changes nothing, and the model reads what the person wants instead",
    async () => {
      using talk = talking(edit(2, 25), { text: "Then not." })
      writeFileSync(talk.scene.path("a.txt"), before)
      await using editor = await Neovim.start(talk.scene, ["a.txt"], OPTIONS)
      await editor.command("Skein shout")
      await editor.until(`vim.bo.filetype == "skein-approval"`)
      await editor.keys("f")
      await editor.keys("whisper<CR>")
      await editor.shows("skein", "Then not.")
      expect(talk.scene.read("a.txt")).toBe(before)
      expect(talk.server.requests.at(-1)?.text).toContain("whisper")
    },
    HANG_MS,
  )
})
