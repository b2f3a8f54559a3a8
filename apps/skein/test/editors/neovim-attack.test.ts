import { describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { describeBinary } from "../ground/binary.ts"
import { lua, NEOVIM, Neovim } from "../ground/neovim.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000
/** Without Neovim these tests are skipped, by name. */
const describeNeovim: typeof describe = NEOVIM === undefined ? (describe.skip as typeof describe) : describeBinary
const OPTIONS = `mode = "ask", reading_ms = 0`

/** A server that a shell plays. */
const playedBy = (script: string) => `command = { "/bin/sh", "-c", ${lua(script)} }`
const messages = (text: string) => `vim.fn.execute("messages"):find(${lua(text)}, 1, true) ~= nil`

describeNeovim("Neovim with the plugin, attacked", () => {
  test(
    "a file name that is a command is shown in one line, opened, and never carried out",
    async () => {
      const name = "x\nlet$PWNED=1"
      const other = "x\nenew"
      const write = (path: string) => ({ name: "write", args: { path, content: "one\n" } })
      using talk = talking({ calls: [write(name)] }, { calls: [write(other)] }, { text: "Made." })
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("Skein make them")
      for (const line of ["x<0a>let$PWNED=1:1", "x<0a>enew:1"]) {
        await editor.shows("skein-approval", line)
        await editor.until(`vim.bo.filetype == "skein-approval"`)
        await editor.keys("y")
      }
      await editor.shows("skein", "Made.")
      await editor.until(`require("skein").status():match("^idle") ~= nil`)
      await editor.command("SkeinReview")
      expect(await editor.shows("skein-review", "x<0a>enew")).toContain("x<0a>let$PWNED=1")
      await editor.keys("<CR>")
      await editor.until(`vim.fn.getline(1) == "one"`)
      expect(String(await editor.value("vim.api.nvim_buf_get_name(0)"))).toBe(talk.scene.path(other))
      expect(await editor.value("vim.env.PWNED == nil")).toBe(true)
    },
    HANG_MS,
  )

  test(
    "what a model writes cannot move the cursor, hide, or stand for a line of skein's own",
    async () => {
      const text = "a\u001b[2Jb\u202ec\u200bd\u{e0041}e\u0000f\rg"
      using talk = talking(
        { text, calls: [{ name: "bash", args: { command: `echo \u202e1\necho 2` } }] },
        { text: "." },
      )
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("Skein go")
      const asked = await editor.shows("skein-approval", "echo 2")
      const said = await editor.lines("skein")
      expect(`${asked}\n${said}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e\u200b]|\u{e0041}/u)
      for (const piece of ["a", "b", "c", "d", "e", "f", "g"]) expect(said).toContain(piece)
      await editor.until(`vim.bo.filetype == "skein-approval"`)
      await editor.keys("n")
    },
    HANG_MS,
  )

  test(
    "a program that says what is no message is ended and named, and the prompt stands in the composer again",
    async () => {
      using talk = talking({ text: "Never asked." })
      await using editor = await Neovim.start(talk.scene, [], playedBy("echo Welcome to my shell; exec sleep 1000"))
      await editor.command("SkeinChat")
      await editor.until(messages("is not skein. It said: Welcome to my shell"))
      await editor.keys("idear to me<C-s>")
      await editor.until(`vim.fn.getbufline("skein://composer", 1)[1] == "dear to me"`)
      await editor.until(`require("skein").session() == nil`)
    },
    HANG_MS,
  )

  test(
    "a program that never answers is given up, and one that answers garbage breaks nothing",
    async () => {
      using talk = talking({ text: "It works." })
      await using editor = await Neovim.start(talk.scene, [], playedBy("exec sleep 1000"))
      await editor.value(`(function() require("skein.engine").begin_ms_max = 50 end)()`)
      await editor.command("Skein hello")
      await editor.until(messages("The program of `command` does not answer."))
      const garbage = `echo '{"jsonrpc":"2.0","id":1,"result":[]}'; exec cat > /dev/null`
      await editor.value(`require("skein").setup({ ${playedBy(garbage)} })`)
      await editor.command("Skein hello")
      await editor.until(messages("skein speaks version nil of its wire"))
    },
    HANG_MS,
  )

  test(
    "who goes on elsewhere while a session still opens is there, and nothing is left behind",
    async () => {
      using talk = talking({ text: "First." }, { text: "Second." })
      await using editor = await Neovim.start(talk.scene, [], OPTIONS)
      await editor.command("Skein one")
      await editor.shows("skein", "First.")
      await editor.until(`require("skein").session().is_running == false`)
      const id = await editor.value(`require("skein").session().id`)
      await editor.value(`(function() require("skein").new() require("skein").resume("${id}") end)()`)
      await editor.until(`(require("skein").session() or {}).is_ready == true`)
      expect(await editor.value(`require("skein").session().id`)).toBe(id)
      await editor.command("Skein two")
      expect(await editor.shows("skein", "Second.")).toContain("First.")
      expect(await editor.value(messages("skein:"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "a buffer that takes no change refuses the edit, and the turn goes on",
    async () => {
      const change = { path: "a.txt", oldText: "two\n", newText: "TWO\n" }
      using talk = talking({ calls: [{ name: "edit", args: change }] }, { text: "I see." })
      writeFileSync(talk.scene.path("a.txt"), "one\r\ntwo\nthree\n")
      await using editor = await Neovim.start(talk.scene, ["a.txt"], `mode = "accept-edits"`)
      await editor.keys("3GAtyped<Esc>")
      await editor.command("set nomodifiable")
      await editor.command("Skein shout")
      await editor.shows("skein", "I see.")
      expect(talk.scene.read("a.txt")).toBe("one\r\ntwo\nthree\n")
    },
    HANG_MS,
  )

  test(
    "lines that end in a CR here and there are saved as they are",
    async () => {
      const change = { path: "a.txt", oldText: "two\n", newText: "TWO\n" }
      using talk = talking({ calls: [{ name: "edit", args: change }] }, { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), "one\r\ntwo\nthree\n")
      await using editor = await Neovim.start(talk.scene, ["a.txt"], `mode = "accept-edits"`)
      await editor.keys("3GAtyped<Esc>")
      await editor.command("Skein shout")
      await editor.shows("skein", "Done.")
      expect(talk.scene.read("a.txt")).toBe("one\r\nTWO\nthreetyped\n")
    },
    HANG_MS,
  )

  test(
    "what can be answered stands above a diff that is longer than the screen, and the last line of each block is colored",
    async () => {
      const lines = Array.from({ length: 200 }, (_, at) => `line ${at + 1}\n`)
      const change = { path: "a.txt", oldText: lines.slice(0, 100).join(""), newText: "short\n" }
      using talk = talking({ calls: [{ name: "edit", args: change }] }, { text: "Done." })
      writeFileSync(talk.scene.path("a.txt"), lines.join(""))
      await using editor = await Neovim.start(talk.scene, ["a.txt"], OPTIONS)
      await editor.command("1,20Skein shorten it")
      const asked = await editor.shows("skein-approval", "-line 100")
      expect(asked.split("\n")[1]).toStartWith("   y yes")
      await editor.until(`vim.bo.filetype == "skein-approval"`)
      await editor.keys("y")
      const said = await editor.shows("skein", "Done.")
      expect(said.split("\n").slice(0, 3)).toEqual(["› shorten it", "  ┊ a.txt, lines 1-20:", "  ┊ ```text"])
      expect(said).toContain("  ┊ ⋯ 11 more lines")
      const group = (text: string) =>
        editor.value(`(function()
          local buffer = vim.fn.bufnr("skein://chat")
          for at, line in ipairs(vim.fn.getbufline(buffer, 1, "$")) do
            if line == ${lua(text)} then
              local place = { at - 1, 0 }
              local marks = vim.api.nvim_buf_get_extmarks(buffer, vim.api.nvim_get_namespaces()["skein-chat"], place, { at - 1, -1 }, { details = true })
              return marks[1] ~= nil and marks[1][4].hl_group or "none"
            end
          end
        end)()`)
      expect(await group("  ▎ ⋯ 89 more lines, :SkeinReview shows them")).toBe("SkeinDim")
      expect(await group("› shorten it")).toBe("SkeinPrompt")
      await editor.command("wincmd l")
      await editor.command("1,1Skein what is this?")
      await editor.until(messages("go to its window first"))
    },
    HANG_MS,
  )
})
