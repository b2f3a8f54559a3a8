import { expect, test } from "bun:test"
import { place } from "./place.ts"

const lines = (count: number) => "0123456789abcde\n".repeat(count)

test("all files together take at most 32,000 bytes, the nearest first, and what is left out is counted", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/AGENTS.md", lines(1_000))
  at.file("repo/a/AGENTS.md", lines(1_000))
  at.file("repo/a/b/AGENTS.md", lines(800))
  const files = at.report("repo/a/b").sections.filter(({ source }) => source === "agents_md")
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeWithin(31_800, 32_001)
  expect(files.map(({ bytesOmitted = 0 }) => bytesOmitted > 0)).toEqual([true, false, false])
  const [root] = files
  const kept = root?.text.split("\n").slice(1).join("\n") ?? ""
  expect(Buffer.byteLength(kept) + (root?.bytesOmitted ?? 0)).toBe(15_999)
  expect(root?.text).toContain(`its last ${root?.bytesOmitted} bytes are left out`)
  expect(kept.endsWith("0123456789abcde\n")).toBe(true)
})

test("a project's files leave room for what the person wrote for all projects", () => {
  using at = place()
  at.file("home/.config/skein/AGENTS.md", lines(600))
  at.file("repo/AGENTS.md", lines(10_000))
  const [global, project] = at.report("repo").sections.slice(1)
  expect(global?.bytes).toBeWithin(7_900, 8_001)
  expect(project?.bytes).toBeWithin(23_900, 24_001)
})

test("a file for which no room is left is named", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/AGENTS.md", "root")
  at.file("repo/app/AGENTS.md", "x".repeat(40_000))
  expect(at.refused("repo/app")).toEqual(["repo/AGENTS.md: there is no room: all together take 32000 bytes"])
  expect(at.report("repo/app").sections[1]?.bytesOmitted).toBeGreaterThan(8_000)
})

test("a cut never splits a character, and escapes count as what they have become", () => {
  using at = place()
  at.file("repo/AGENTS.md", "\u{1f9f6}".repeat(20_000))
  const [, emoji] = at.report("repo").sections
  expect(emoji?.text).not.toContain("\ufffd")
  expect(emoji?.bytes).toBeWithin(31_990, 32_001)
  at.file("repo/AGENTS.md", "\u{1f9f6}\r\n".repeat(20_000))
  expect(at.report("repo").sections[1]?.text).not.toContain("\ufffd")
  at.file("repo/AGENTS.md", "\u200b".repeat(10_000))
  expect(at.report("repo").sections[1]?.bytes).toBeWithin(31_900, 32_001)
})

test("a file of gigabytes costs no more than its beginning", () => {
  using at = place()
  at.file("repo/AGENTS.md", "begin\n")
  expect(Bun.spawnSync(["truncate", "-s", "8G", at.path("repo/CONTEXT.md")]).exitCode).toBe(0)
  at.file("repo/AGENTS.md", "@CONTEXT.md")
  const startedAt = performance.now()
  expect(at.refused("repo")).toEqual(["repo/CONTEXT.md: it is no text"])
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test("at most 64 files are read, however many are imported", () => {
  using at = place()
  at.file("repo/AGENTS.md", Array.from({ length: 100 }, (_, index) => `@${index}.md`).join("\n"))
  for (let index = 0; index < 100; index++) at.file(`repo/${index}.md`, String(index))
  expect(at.read("repo")).toHaveLength(64)
  expect(at.refused("repo")).toHaveLength(37)
})
