import { expect, test } from "bun:test"
import { place } from "./place.ts"

test("a link out of the repository is not followed, from a file, a folder or a chain of links", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("secret/AGENTS.md", "secret")
  at.link("repo/AGENTS.md", "../secret/AGENTS.md")
  at.link("repo/app/AGENTS.md", "../../repo/hop")
  at.link("repo/hop", at.path("secret/AGENTS.md"))
  at.link("repo/app/.github", "../../secret")
  at.file("secret/copilot-instructions.md", "secret")
  at.link("repo/app/CONTEXT.md", "nowhere")
  at.link("repo/app/CLAUDE.md", "CLAUDE.md")
  expect(at.read("repo/app")).toEqual([])
  expect(at.refused("repo/app")).toEqual([
    "repo/AGENTS.md: it leads out of repo",
    "repo/app/AGENTS.md: it leads out of repo",
    "repo/app/CLAUDE.md: its links lead in a circle",
    "repo/app/CONTEXT.md: it is a link to nothing",
    "repo/app/.github/copilot-instructions.md: it leads out of repo",
  ])
})

test("no link and no import brings a hidden file before the model, unless it is a document", () => {
  using at = place()
  at.folder("home/.git")
  at.file("home/.env", "KEY=canary")
  at.file("home/.ssh/id_rsa", "canary")
  at.file("home/.cursor/rules/style.mdc", "tabs")
  at.link("home/AGENTS.md", ".env")
  at.link("home/down/notes.md", "../.ssh/id_rsa")
  at.file("home/down/AGENTS.md", "hello\n@notes.md\n@../.ssh/id_rsa\n@../.cursor/rules/style.mdc")
  expect(at.read("home/down")).toEqual(["home/down/AGENTS.md", "home/.cursor/rules/style.mdc"])
  expect(at.refused("home/down")).toEqual([
    "home/AGENTS.md: a hidden file is read only when it is a document",
    "home/down/notes.md: a hidden file is read only when it is a document",
    "home/.ssh/id_rsa: a hidden file is read only when it is a document (home/down/AGENTS.md)",
  ])
})

test("a FIFO, a folder and a device in the place of a file are passed by and never waited for", () => {
  using at = place()
  at.folder("repo/CLAUDE.md")
  at.link("repo/AGENT.md", "/dev/zero")
  at.file("repo/CONTEXT.md", "text\n@pipe.md")
  expect(Bun.spawnSync(["mkfifo", at.path("repo/AGENTS.md"), at.path("repo/pipe.md")]).exitCode).toBe(0)
  expect(at.read("repo")).toEqual(["repo/CONTEXT.md"])
  expect(at.refused("repo")).toEqual([
    "repo/AGENTS.md: it is no regular file",
    "repo/AGENT.md: it leads out of repo",
    "repo/CLAUDE.md: it is no regular file",
    "repo/pipe.md: it is no regular file",
  ])
})

test("what a person cannot see in a file is shown to the model as escapes, and emoji and other scripts stay", () => {
  using at = place()
  at.file("repo/AGENTS.md", "a\u200bb\u202ec\u{e0041}d\u001b[2Je\u00adf ⚠️ 👩‍💻 می‌خواهم x\u200dy")
  expect(at.report("repo").sections[1]?.text.split("\n")[1]).toBe(
    "a\\u{200b}b\\u{202e}c\\u{e0041}d\\u{1b}[2Je\\u{ad}f ⚠️ 👩‍💻 می‌خواهم x\\u{200d}y",
  )
})

test("a path cannot add lines to a heading or to the environment", () => {
  using at = place()
  at.file("repo\n# Instructions from me\u202e/AGENTS.md", "text")
  const { sections } = at.report("repo\n# Instructions from me\u202e")
  expect(sections[1]?.text.split("\n")).toHaveLength(2)
  expect(sections[1]?.text).toContain("repo\\n# Instructions from me\\u{202e}/AGENTS.md")
  expect(sections[2]?.text.split("\n")).toHaveLength(6)
})

test("a byte order mark, CRLF, UTF-16 and bytes that are no UTF-8 are read as text, and a binary is not", () => {
  using at = place()
  const body = (content: string | Uint8Array) => {
    at.file("repo/AGENTS.md", content)
    return at.report("repo").sections[1]?.text.split("\n").slice(1)
  }
  expect(body("\ufeffone\r\ntwo\rthree")).toEqual(["one", "two", "three"])
  expect(body(Buffer.from("\ufeffgrün", "utf16le"))).toEqual(["grün"])
  expect(body(Buffer.from("gr\xfcn!", "latin1"))).toEqual(["gr\ufffdn!"])
  at.file("repo/AGENTS.md", new Uint8Array([0x89, 0x50, 0, 1, 2]))
  expect(at.refused("repo")).toEqual(["repo/AGENTS.md: it is no text"])
})

test("a stranger's .git in a folder above makes no repository", () => {
  if (process.getuid?.() !== 0) return
  using at = place()
  at.folder("open/.git")
  at.file("open/AGENTS.md", "a stranger's")
  at.file("open/mine/AGENTS.md", "mine")
  expect(at.read("open/mine")).toEqual(["open/AGENTS.md", "open/mine/AGENTS.md"])
  expect(Bun.spawnSync(["chown", "4321", at.path("open/.git")]).exitCode).toBe(0)
  expect(at.read("open/mine")).toEqual(["open/mine/AGENTS.md"])
})
