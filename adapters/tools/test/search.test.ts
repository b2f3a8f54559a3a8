import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { RunContext, ToolResult } from "@skein/core/ports"
import { fakeExec, fakeShell } from "@skein/testkit"
import type { AnyTool, ToolWorld } from "../src/define.ts"
import { localFiles } from "../src/files/local.ts"
import { glob } from "../src/search/glob.ts"
import { grep } from "../src/search/grep.ts"
import { list } from "../src/search/list.ts"
import { findRipgrep } from "../src/search/ripgrep-path.ts"
import { tree } from "../src/search/tree.ts"
import { noSessions } from "./session.ts"

const ripgrep = findRipgrep("/nowhere/skein") ?? "/nowhere/rg"

describe("searching", () => {
  let base: string
  let world: ToolWorld
  let context: RunContext
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), "skein-search-")))
    const cwd = join(base, "work")
    mkdirSync(cwd)
    world = { files: localFiles(), exec: fakeExec({}), shell: fakeShell(), ripgrep: async () => ripgrep }
    context = {
      sessionId: "ses_a",
      callId: "cal_a",
      cwd,
      sessions: noSessions,
      askClient: () => Promise.reject(new Error("Nobody is asked")),
      roots: [cwd],
      sandbox: "workspace-write",
      observed: () => undefined,
      signal: new AbortController().signal,
      progress: () => undefined,
    }
  })
  afterEach(() => rmSync(base, { recursive: true, force: true }))

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(context.cwd, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }
  const planOf = (tool: AnyTool, input: Record<string, unknown>) => {
    const parsed = tool.input().parse(input)
    if (tool.plan === undefined) throw new Error("Every search plans")
    return tool.plan(parsed, world, context)
  }
  const use = async (tool: AnyTool, input: Record<string, unknown>): Promise<ToolResult & { text: string }> => {
    const { prepared } = await planOf(tool, input)
    const result = await tool.run(tool.input().parse(input), world, context, prepared)
    const [block] = result.forModel
    return { ...result, text: block?.type === "text" ? block.text : "" }
  }

  describe("glob", () => {
    test("gives what changed last first, when that is asked", async () => {
      write({ "a.ts": "", "b.ts": "", "c.ts": "" })
      for (const [at, name] of ["b.ts", "c.ts", "a.ts"].entries())
        utimesSync(join(context.cwd, name), 1_000 - at, 1_000 - at)
      expect((await use(glob, { pattern: "*.ts", newestFirst: true })).text).toBe("b.ts\nc.ts\na.ts")
    })

    test("finds by pattern, sorted, from the session's folder", async () => {
      write({ "src/b.ts": "", "src/deep/a.ts": "", "src/c.json": "", "d.ts": "" })

      expect((await use(glob, { pattern: "**/*.ts" })).text).toBe("d.ts\nsrc/b.ts\nsrc/deep/a.ts")
      expect((await use(glob, { pattern: "src/*.{ts,json}" })).text).toBe("src/b.ts\nsrc/c.json")
      expect((await use(glob, { pattern: "*.ts", path: "src" })).text).toBe("src/b.ts\nsrc/deep/a.ts")
      expect((await use(glob, { pattern: "*.ts", path: join(context.cwd, "src/deep") })).text).toBe("src/deep/a.ts")
    })

    test("honours ignore files without a repository, and shows dotfiles when asked, but never git's", async () => {
      write({
        ".gitignore": "out/\n",
        "out/x.js": "",
        "in/x.js": "",
        ".dot/x.js": "",
        ".git/x.js": "",
        ".ssh/x.js": "",
      })

      expect((await use(glob, { pattern: "**/x.js" })).text).toBe("in/x.js")
      expect((await use(glob, { pattern: "**/x.js", hidden: true })).text).toBe(".dot/x.js\nin/x.js")
      expect((await use(glob, { pattern: ".ssh/*", hidden: true })).text).toBe("No file matches .ssh/*.")
    })

    test("tells nothing of what an ignore file leads to", async () => {
      write({ "a.txt": "needle", "sub/b.txt": "needle" })
      writeFileSync(join(base, "outside.json"), '{"refresh_token":"canary-91d3"\n')
      for (const name of [".ignore", "sub/.gitignore"]) symlinkSync(join(base, "outside.json"), join(context.cwd, name))

      for (const [tool, input] of [
        [glob, { pattern: "**/*.txt" }],
        [grep, { pattern: "needle" }],
        [tree, {}],
      ] as const) {
        const { text } = await use(tool, input)
        expect(text).toContain("b.txt")
        expect(text).not.toContain("canary")
      }
    })

    test("does not fill the machine's memory with an ignore file that has no end", async () => {
      write({ "a.txt": "needle" })
      symlinkSync("/dev/zero", join(context.cwd, ".gitignore"))

      await expect(use(grep, { pattern: "needle" })).rejects.toThrow("The search ended unexpectedly")
    }, 60_000)

    test("is bounded and says so", async () => {
      write(Object.fromEntries(Array.from({ length: 1_005 }, (_, index) => [`f${index}.txt`, ""])))
      const result = await use(glob, { pattern: "*.txt" })

      expect(result.text.split("\n")).toHaveLength(1_001)
      expect(result.text).toEndWith("(more than 1000; narrow the pattern)")
      expect(result.forHuman).toMatchObject({ kind: "listing", summary: "1000 files" })
    })

    test("a pattern that cannot be read, or looks like an option, is told or taken as a pattern", async () => {
      write({ "--pre=x": "" })

      await expect(use(glob, { pattern: "[" })).rejects.toThrow("Cannot find files by [")
      expect((await use(glob, { pattern: "--pre=*" })).text).toBe("--pre=x")
    })
  })

  describe("grep", () => {
    test("finds lines with path and number", async () => {
      write({ "a.ts": "one\ntwo two\n", "src/b.ts": "zero\ntwo\n" })
      const result = await use(grep, { pattern: "tw." })

      expect(result.text).toBe("a.ts:2:two two\nsrc/b.ts:2:two")
      expect(result.forHuman).toEqual({ kind: "matches", body: result.text, summary: "2 hits, 2 files" })
    })

    test("gives context, files or counts", async () => {
      write({ "a.ts": "1\n2\nhit\n4\n5\n6\nhit\n", "b.ts": "hit" })

      expect((await use(grep, { pattern: "hit", path: "a.ts", context: 1 })).text).toBe(
        "a.ts-2-2\na.ts:3:hit\na.ts-4-4\n--\na.ts-6-6\na.ts:7:hit",
      )
      expect((await use(grep, { pattern: "hit", mode: "files" })).text).toBe("a.ts\nb.ts")
      expect(await use(grep, { pattern: "hit", mode: "count" })).toMatchObject({
        text: "a.ts:2\nb.ts:1",
        forHuman: { summary: "3 hits, 2 files" },
      })
    })

    test("takes a pattern literally, without case, in some files", async () => {
      write({ "a.ts": "f(x)\nF(X)\n", "b.md": "f(x)\n" })

      expect((await use(grep, { pattern: "f(x)", literal: true, glob: "*.ts" })).text).toBe("a.ts:1:f(x)")
      expect((await use(grep, { pattern: "f\\(x\\)", ignoreCase: true, glob: "*.ts" })).text).toBe(
        "a.ts:1:f(x)\na.ts:2:F(X)",
      )
    })

    test("a pattern that looks like an option is data", async () => {
      write({ "a.txt": "--pre=./evil\n-e\n" })

      expect((await use(grep, { pattern: "--pre=./evil" })).text).toBe("a.txt:1:--pre=./evil")
      expect((await use(grep, { pattern: "-e" })).text).toBe("a.txt:2:-e")
    })

    test("settings in the workspace and preprocessors are not heard", async () => {
      write({ "a.txt": "hit\n", ".ripgreprc": "--pre=./evil\n", evil: `#!/bin/sh\ntouch ${base}/ran\n` })
      chmodSync(join(context.cwd, "evil"), 0o755)
      await use(grep, { pattern: "hit" })

      expect((await use(glob, { pattern: "ran", path: base })).text).toBe("No file matches ran.")
    })

    test("long lines are cut, large files are searched but for matches over lines, binary ones not", async () => {
      write({
        "long.txt": `hit${"x".repeat(100_000)}\n`,
        "large.txt": `${"y\n".repeat(2_600_000)}hit\n`,
        "binary.bin": "a\0hit\n",
      })
      const { text } = await use(grep, { pattern: "hit" })

      expect(text).toStartWith("large.txt:2600001:hit\nlong.txt:1:hitxxx")
      expect(text.length).toBeLessThan(600)
      expect((await use(grep, { pattern: "hit", multiline: true })).text).not.toContain("large.txt")
    })

    test("is bounded and says so", async () => {
      write({ "a.txt": "hit\n".repeat(700) })
      const result = await use(grep, { pattern: "hit" })

      expect(result.text.split("\n")).toHaveLength(501)
      expect(result.text).toEndWith("(stopped at 500 matches; narrow the pattern or the path)")
    })

    test("a name with line ends in it is one name, and passes for no other", async () => {
      write({ "x\nsrc/auth.ts": "hit evil\n", "src/auth.ts": "hit\n", "a\n--\nb": "1\nhit\n1\n1\nhit\n" })

      expect((await use(grep, { pattern: "hit", context: 1 })).text.split("\n")).toEqual([
        "a\\n--\\nb-1-1",
        "a\\n--\\nb:2:hit",
        "a\\n--\\nb-3-1",
        "a\\n--\\nb-4-1",
        "a\\n--\\nb:5:hit",
        "--",
        "src/auth.ts:1:hit",
        "--",
        "x\\nsrc/auth.ts:1:hit evil",
      ])
      expect((await use(grep, { pattern: "evil", mode: "count" })).text).toBe("x\\nsrc/auth.ts:1")
      expect((await use(grep, { pattern: "evil", mode: "files" })).text).toBe("x\\nsrc/auth.ts")
      expect((await use(glob, { pattern: "*" })).text).toBe("a\\n--\\nb\nsrc/auth.ts\nx\\nsrc/auth.ts")
      expect((await use(list, {})).text).toBe("a\\n--\\nb\nsrc/\nx\\nsrc/")
      expect((await use(tree, {})).text).toContain("x\\nsrc/\n")
    })

    test("a file with NUL in it that was named is said to match", async () => {
      write({ "a.bin": "a\0hit\n" })

      expect((await use(grep, { pattern: "hit", path: "a.bin" })).text).toBe("a.bin: the file is binary, and matches")
    })

    test("a large file that was named is searched", async () => {
      write({ "large.txt": `${"y\n".repeat(2_600_000)}hit\n` })

      expect((await use(grep, { pattern: "hit", path: "large.txt" })).text).toBe("large.txt:2600001:hit")
    })

    test("no link is followed, to a file or a folder, in the workspace or out of it", async () => {
      write({ "real/a.txt": "hit\n" })
      mkdirSync(join(base, "out"))
      writeFileSync(join(base, "out/secret"), "hit\n")
      symlinkSync(join(base, "out"), join(context.cwd, "folder"))
      symlinkSync(join(base, "out/secret"), join(context.cwd, "file"))
      symlinkSync("real", join(context.cwd, "again"))

      expect((await use(grep, { pattern: "hit" })).text).toBe("real/a.txt:1:hit")
      expect((await use(glob, { pattern: "**/*" })).text).not.toContain("secret")
      expect((await use(tree, {})).text).not.toContain("secret")
    })

    test("a folder that was swapped for another since it was resolved is not searched", async () => {
      write({ "in/a.txt": "mine\n" })
      mkdirSync(join(base, "out"))
      writeFileSync(join(base, "out/secret"), "hit\n")
      const { prepared } = await planOf(grep, { pattern: "hit", path: "in" })
      renameSync(join(context.cwd, "in"), join(context.cwd, "was"))
      symlinkSync(join(base, "out"), join(context.cwd, "in"))
      const input = grep.input().parse({ pattern: "hit", path: "in" })

      await expect(grep.run(input, world, context, prepared)).rejects.toThrow("now leads to")
    })

    test("a match may span lines, files can be chosen by type, and before and after have numbers of their own", async () => {
      write({ "a.ts": "one\ntwo {\n  three\n}\nfour\n", "a.py": "two {\n  three\n" })
      expect((await use(grep, { pattern: "two \\{.*three", multiline: true, type: "ts" })).text).toBe(
        "a.ts:2:two {\na.ts:3:  three",
      )
      expect((await use(grep, { pattern: "three", before: 1, after: 2, type: "ts" })).text).toBe(
        "a.ts-2-two {\na.ts:3:  three\na.ts-4-}\na.ts-5-four",
      )
    })

    test("as many matches are shown as were asked for, the first by path, and that there are more is said", async () => {
      write({ "c.txt": "x\nx\n", "b/z.txt": "x\n", "b-c.txt": "x\n" })
      expect((await use(grep, { pattern: "x", limit: 2 })).text).toBe(
        "b/z.txt:1:x\nb-c.txt:1:x\n(stopped at 2 matches; narrow the pattern or the path)",
      )
      expect((await use(grep, { pattern: "x", mode: "files" })).text).toBe("b/z.txt\nb-c.txt\nc.txt")
    })

    test("of more matches than are gathered the first by path are shown, whatever order they come in", async () => {
      for (let at = 0; at < 60; at++) write({ [`f${String(at).padStart(2, "0")}.txt`]: "x\n".repeat(60) })
      const lines = (await use(grep, { pattern: "x" })).text.split("\n")
      expect(lines.slice(0, -1)).toEqual(
        Array.from(
          { length: 500 },
          (_, at) => `f${String(Math.floor(at / 60)).padStart(2, "0")}.txt:${(at % 60) + 1}:x`,
        ),
      )
      expect(lines.at(-1)).toBe("(stopped at 500 matches; narrow the pattern or the path)")
    })

    test("advice about options that a model does not have is left out", async () => {
      await expect(use(grep, { pattern: "a\\nb" })).rejects.toThrow(
        /not allowed in a regex\nA pattern is looked for within one line, unless multiline is set\.$/,
      )
      await expect(use(grep, { pattern: "(?=a)" })).rejects.toThrow(/look-behind, is not supported$/)
    })

    test("a pattern that names folders is answered with the call that was meant", async () => {
      expect((await use(glob, { pattern: "/srv/app/**/*.ts" })).text).toBe(
        'No file matches /srv/app/**/*.ts. A pattern is looked for below path: did you mean {"path":"/srv/app","pattern":"**/*.ts"}?',
      )
      expect((await use(glob, { pattern: "../*.ts" })).text).toContain('{"path":"..","pattern":"*.ts"}')
    })

    test("a pattern that is no regular expression is told", async () => {
      await expect(use(grep, { pattern: "(" })).rejects.toThrow(/Cannot search for \([\s\S]*unclosed group/)
    })

    test("a pattern that would take for ever elsewhere takes no time", async () => {
      write({ "a.txt": `${"a".repeat(50_000)}b\n` })

      expect((await use(grep, { pattern: "(a+)+$" })).text).toBe("No match for (a+)+$.")
    })

    test("names and lines that are no UTF-8 do no harm", async () => {
      write({ "a.txt": "" })
      writeFileSync(join(context.cwd, "latin.txt"), Buffer.from("caf\xe9 hit\n", "latin1"))

      expect((await use(grep, { pattern: "hit" })).text).toBe("latin.txt:1:caf\ufffd hit")
    })

    test("a file under a key store's name is never searched", async () => {
      write({ ".ssh/id": "hit\n", "a/.aws/credentials": "hit\n", "keys/mine": "hit\n", "keys [1]/mine": "hit\n" })
      const secrets = ["keys", "keys [1]"].map((name) => join(context.cwd, name))
      world = { ...world, secrets }

      expect((await use(grep, { pattern: "hit", hidden: true })).text).toBe("No match for hit.")
      await expect(use(grep, { pattern: "hit", path: "keys" })).rejects.toThrow("is not opened")
    })

    test("ends at once when it is stopped", async () => {
      write({ "a.txt": "hit\n".repeat(100) })
      const abort = new AbortController()
      const slow = join(base, "rg")
      writeFileSync(slow, "#!/bin/sh\nexec sleep 9999\n")
      chmodSync(slow, 0o755)
      world = { ...world, ripgrep: async () => slow }
      context = { ...context, signal: abort.signal }
      const running = use(grep, { pattern: "hit" })
      setTimeout(() => abort.abort(), 50)
      const startedAt = performance.now()

      await expect(running).rejects.toMatchObject({ name: "AbortError" })
      expect(performance.now() - startedAt).toBeLessThan(1_500)
    })
  })

  describe("list", () => {
    test("is sorted, folders end in a slash", async () => {
      write({ "b.txt": "", "a/x": "", ".hidden": "" })
      symlinkSync("b.txt", join(context.cwd, "link"))

      expect(await use(list, {})).toMatchObject({
        text: ".hidden\na/\nb.txt\nlink@",
        forHuman: { kind: "listing", summary: "4 entries" },
      })
      expect((await use(list, { limit: 2 })).text).toBe(".hidden\na/\n(2 more)")
      mkdirSync(join(context.cwd, "empty"))
      expect((await use(list, { path: "empty" })).text).toBe("(empty)")
    })

    test("what is no folder is told", async () => {
      write({ "b.txt": "" })

      await expect(planOf(list, { path: "b.txt" })).rejects.toThrow("Cannot list b.txt: it is a file")
      await expect(planOf(list, { path: "nope" })).rejects.toThrow("Cannot search nope: nothing is there")
      await expect(planOf(list, { path: "a\0b" })).rejects.toThrow("NUL")
    })
  })

  describe("tree", () => {
    test("shows folders first to their depth, with what lies deeper counted", async () => {
      write({
        "a.txt": "",
        "src/b.ts": "",
        "src/deep/c.ts": "",
        "src/deep/er/d.ts": "",
        ".gitignore": "out\n",
        "out/x": "",
      })

      expect((await use(tree, { depth: 2 })).text).toBe(".gitignore\na.txt\nsrc/\n  b.ts\n  deep/ (2 files)")
      expect((await use(tree, { path: "src" })).text).toBe("b.ts\ndeep/\n  c.ts\n  er/\n    d.ts")
    })

    test("is bounded and says so", async () => {
      write(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, ""])))

      expect((await use(tree, { limit: 5 })).text).toEndWith("(15 more lines; name a subfolder)")
    })
  })

  describe("what a search would read", () => {
    test("is known before: inside the roots or outside, with links resolved", async () => {
      write({ "src/a": "" })
      mkdirSync(join(base, "work-evil"))
      symlinkSync(base, join(context.cwd, "up"))
      const effect = async (path: string) => (await planOf(grep, { pattern: "x", path })).effects

      expect(await effect("src")).toEqual([{ kind: "read", paths: [join(context.cwd, "src")], isInside: true }])
      for (const path of ["..", "../work-evil", "up", "/", base])
        expect(await effect(path)).toMatchObject([{ isInside: false }])
      await expect(effect("/proc/self")).rejects.toThrow("devices and processes")
    })

    test("of other people's code is not trusted", async () => {
      write({ "node_modules/p/a.js": "hit\n", "src/a.js": "hit\n" })

      expect((await use(grep, { pattern: "hit", path: "src" })).provenance).toEqual({
        source: "workspace",
        isTrusted: true,
      })
      expect((await use(grep, { pattern: "hit" })).provenance?.isTrusted).toBe(false)
      expect((await use(grep, { pattern: "hit", path: base })).provenance?.isTrusted).toBe(false)
    })
  })
})

test("ripgrep is found beside the binary, in the package or in the system, and never elsewhere", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-rg-"))
  writeFileSync(join(folder, "rg"), "")
  chmodSync(join(folder, "rg"), 0o755)

  expect(findRipgrep(join(folder, "skein"))).toBe(join(folder, "rg"))
  expect(findRipgrep("/nowhere/skein")).toMatch(/ripgrep-[a-z]+-[a-z0-9]+\/bin\/rg$|^\/(usr|bin|opt|run)\//)
  rmSync(folder, { recursive: true })
})
