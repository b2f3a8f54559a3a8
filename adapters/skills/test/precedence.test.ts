import { expect, test } from "bun:test"
import { place } from "./place.ts"

test("the person's own file comes first, then the repository's from its root to the working folder, then the settings'", () => {
  using at = place()
  at.file("home/.config/skein/AGENTS.md", "mine")
  at.file("home/.claude/CLAUDE.md", "another program's")
  at.file("AGENTS.md", "above the repository")
  at.folder("repo/.git")
  at.file("repo/AGENTS.md", "root")
  at.file("repo/CLAUDE.md", "not read beside AGENTS.md")
  at.file("repo/packages/CLAUDE.md", "packages")
  at.file("repo/packages/app/.github/copilot-instructions.md", "app")
  at.file("repo/packages/app/src/AGENTS.md", "below the working folder")
  at.file("extra/team.md", "team")

  expect(at.read("repo/packages/app", { extraFilesFor: () => [at.path("extra/team.md")] })).toEqual([
    "home/.config/skein/AGENTS.md",
    "repo/AGENTS.md",
    "repo/packages/CLAUDE.md",
    "repo/packages/app/.github/copilot-instructions.md",
    "extra/team.md",
  ])
})

test("in each folder the first name that says something is read", () => {
  const names = ["AGENTS.md", "AGENT.md", "CLAUDE.md", "CONTEXT.md", ".cursorrules", ".github/copilot-instructions.md"]
  for (const [index, name] of names.entries()) {
    using at = place()
    for (const before of names.slice(0, index)) at.file(`repo/${before}`, " \n")
    for (const other of names.slice(index)) at.file(`repo/${other}`, "text")
    expect(at.read("repo")).toEqual([`repo/${name}`])
  }
})

test("without a repository only the working folder is read", () => {
  using at = place()
  at.file("AGENTS.md", "above")
  at.file("folder/AGENTS.md", "here")
  expect(at.read("folder")).toEqual(["folder/AGENTS.md"])
})

test("the file of another program in the home stands in where the person has none of ours", () => {
  using at = place()
  at.file("home/.claude/CLAUDE.md", "mine")
  at.folder("repo")
  expect(at.read("repo")).toEqual(["home/.claude/CLAUDE.md"])
})

test("each section has a heading with its path and why it is there", () => {
  using at = place()
  at.file("repo/AGENTS.md", "Use tabs.\n")
  const [, section] = at.report("repo").sections
  expect(section).toMatchObject({ source: "agents_md", path: at.path("repo/AGENTS.md"), why: "for this project" })
  expect(section?.text).toBe(`# Instructions from ${at.path("repo/AGENTS.md")} (for this project)\nUse tabs.`)
  expect(section?.bytes).toBe(Buffer.byteLength(section?.text ?? ""))
})

test("project files stay unread when that is wished, also those that the settings name", () => {
  using at = place()
  at.file("home/.config/skein/AGENTS.md", "mine")
  at.file("repo/AGENTS.md", "root")
  at.file("repo/docs/x.md", "x")
  at.file("elsewhere/y.md", "y")
  const options = {
    isLoadingProjectFiles: () => false,
    extraFilesFor: () => [at.path("repo/docs/x.md"), at.path("elsewhere/y.md")],
  }
  expect(at.read("repo", options)).toEqual(["home/.config/skein/AGENTS.md", "elsewhere/y.md"])
})

test("a file that the settings name and that is not there is said", () => {
  using at = place()
  at.folder("repo")
  expect(at.refused("repo", { extraFilesFor: () => [at.path("gone.md")] })).toEqual([
    "gone.md: it is named in the settings and there is no such file, or it is empty",
  ])
})

test("a repository's link to its own file is followed, and a file is read once under all its names", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/docs/agents.md", "text")
  at.link("repo/AGENTS.md", "docs/agents.md")
  at.link("repo/app/AGENTS.md", "../docs/agents.md")
  expect(at.read("repo/app")).toEqual(["repo/AGENTS.md"])
})

test("the person's own file may be a link to anywhere, with imports beside it and where it leads", () => {
  using at = place()
  at.file("dotfiles/agents.md", "@rules.md\n@style.md\n@../secret.md")
  at.file("dotfiles/rules.md", "rules")
  at.file("secret.md", "secret")
  at.file("home/.config/skein/style.md", "style")
  at.link("home/.config/skein/AGENTS.md", at.path("dotfiles/agents.md"))
  at.folder("repo")
  expect(at.read("repo")).toEqual(["home/.config/skein/AGENTS.md", "dotfiles/rules.md", "home/.config/skein/style.md"])
  expect(at.refused("repo")).toEqual(["secret.md: it leads out of home/.config/skein and dotfiles"])
})
