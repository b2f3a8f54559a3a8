import { describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "../ground/binary.ts"
import { NEOVIM, Neovim, PLUGIN } from "../ground/neovim.ts"
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
      expect(await editor.value(`vim.fn.winwidth(vim.fn.bufwinid("skein://chat"))`)).toBe(72)
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

      await editor.until(`require("skein").status():match("^idle") ~= nil`)
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

  test(
    "what is not saved is what the model reads and changes, and nothing that was typed is lost",
    async () => {
      const change = { path: "a.txt", oldText: "line 2\n", newText: "LINE 2\n" }
      const read = { calls: [{ name: "read", args: { path: "a.txt" } }] }
      using talk = talking(read, { calls: [{ name: "edit", args: change }] }, { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), before)
      await using editor = await Neovim.start(talk.scene, ["a.txt"], OPTIONS)
      await editor.keys("25GAtyped<Esc>")
      await editor.command("Skein shout")
      await editor.until(`vim.bo.filetype == "skein-approval"`)
      expect(talk.server.requests[1]?.text).toContain("line 25typed")
      await editor.keys("y")
      await editor.shows("skein", "Done.")
      const after = changed(2).replace("line 25\n", "line 25typed\n")
      expect(talk.scene.read("a.txt")).toBe(after)
      await editor.until(`vim.fn.getbufvar("a.txt", "&modified") == 0`)
      expect(await editor.value(`vim.fn.getbufline("a.txt", 1, "$")`)).toEqual(after.trimEnd().split("\n"))
    },
    HANG_MS,
  )

  test(
    "errors that an edit brings are told to the running turn, and those that were there are not",
    async () => {
      const told = Promise.withResolvers<void>()
      using talk = talking(
        edit(2),
        async (asked) => {
          await told.promise
          await asked.say({ calls: [{ name: "list", args: {} }] })
        },
        { text: "I see." },
      )
      writeFileSync(talk.scene.path("a.txt"), before)
      await using editor = await Neovim.start(talk.scene, ["a.txt"], `mode = "accept-edits", diagnostics = "off"`)
      const old = `{ lnum = 20, col = 0, message = "Old", severity = 1 }`
      const find = (...found: string[]) =>
        editor.value(`vim.diagnostic.set(vim.api.nvim_create_namespace("t"), vim.fn.bufnr("a.txt"), { ${found} })`)
      await find(old)
      await editor.command("Skein shout")
      await editor.until(`vim.fn.getbufline("a.txt", 2)[1] == "LINE 2"`)
      await find(old, `{ lnum = 1, col = 4, message = "Broken now", severity = 1, source = "lint" }`)
      await editor.until(`#require("skein").session().queue > 0`)
      told.resolve()
      await editor.shows("skein", "I see.")
      const last = talk.server.conversations.at(-1)?.said.join("\n") ?? ""
      expect(last).toContain("a.txt:2:5 error: Broken now (lint)")
      expect(last).not.toContain("Old")
    },
    HANG_MS,
  )

  test(
    "a running turn is steered from the composer and stopped, and the session is gone on with",
    async () => {
      const gone: Promise<void>[] = []
      const held = Promise.withResolvers<void>()
      using talk = talking(
        async (asked) => {
          await held.promise
          await asked.say({ calls: [{ name: "list", args: {} }] })
        },
        ({ answer }) => {
          gone.push(answer.gone)
          return answer.gone
        },
        { text: "Here again." },
      )
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("Skein begin")
      await editor.until(`require("skein").status():match("works") ~= nil`)
      await editor.command("SkeinChat")
      await editor.until(`vim.bo.filetype == "skein-composer"`)
      await editor.keys("ialso this<C-s>")
      await editor.until(`#require("skein").session().queue > 0`)
      held.resolve()
      await editor.shows("skein", "› also this")
      await editor.command("SkeinInterrupt")
      await editor.shows("skein", "Stopped.")
      await Promise.all(gone)
      const id = await editor.value(`require("skein").session().id`)
      await editor.command("SkeinStop")
      await editor.until(`require("skein").session() == nil`)
      await editor.command(`SkeinResume ${id}`)
      expect(await editor.shows("skein", "Stopped.")).toContain("› begin")
      await editor.until(`(require("skein").session() or {}).is_ready == true`)
      await editor.command("Skein go on")
      await editor.shows("skein", "Here again.")
    },
    HANG_MS,
  )

  test(
    "what the slash commands say is shown, and a program that is not there is said",
    async () => {
      using talk = talking({ text: "Never asked." })
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("Skein /help")
      await editor.shows("skein", "/fork")
      await editor.command("SkeinStop")
      await editor.value(`require("skein").setup({ command = { "/nowhere/skein" } })`)
      await editor.command("Skein hello")
      await editor.until(`vim.fn.execute("messages"):find("Cannot start /nowhere/skein", 1, true) ~= nil`)
      expect(await editor.value(`pcall(require("skein").setup, { unsaved = "perhaps" })`)).toBe(false)
      expect(talk.server.requests).toEqual([])
    },
    HANG_MS,
  )

  test(
    "checkhealth says that all is well, and the help names every command",
    async () => {
      using talk = talking({ text: "Never asked." })
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("checkhealth skein")
      expect(await editor.shows("checkhealth", "can be driven from here")).not.toContain("ERROR")
      const commands = await editor.value(`vim.fn.getcompletion("Skein", "command")`)
      const help = await Bun.file(join(PLUGIN, "doc/skein.txt")).text()
      expect(commands).toHaveLength(9)
      for (const name of commands as string[]) expect(help).toContain(`*:${name}*`)
    },
    HANG_MS,
  )
})
