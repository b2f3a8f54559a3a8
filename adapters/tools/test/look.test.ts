import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { chmodSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { type ExecPort, type ExecRequest, ToolFailure } from "@skein/core/ports"
import { noSessions, type ToolSession, toolSession } from "./session.ts"

let session: ToolSession
const asked: ExecRequest[] = []

/** Commands run, though nothing holds them. */
const running: ExecPort = {
  confinement: async () => ({ kind: "confined", by: "a fake" }),
  async run(request) {
    asked.push(request)
    const { exitCode, stdout, stderr } = Bun.spawnSync([...request.command], { cwd: request.cwd })
    const output = `${stdout}${stderr}`
    const rest = { signal: null, isTimedOut: false, bytes: output.length, durationMs: 0, isGroupLeftBehind: false }
    return { exitCode, output, ...rest }
  },
}
const open = (world: Parameters<typeof toolSession>[0] = {}, given: Parameters<typeof toolSession>[1] = {}) => {
  session?.close()
  session = toolSession({ exec: running, ...world }, given)
}
beforeEach(() => open())
afterEach(() => {
  session.close()
  asked.length = 0
})

describe("file_info tells what a file is", () => {
  const told = async (path: string) =>
    (await session.say("file_info", { path })).split("\n").filter((line) => !/^(modified|sha256)/.test(line))

  test.each<[string, string | Uint8Array, string, number, string]>([
    ["UTF-8", "a\nb\n", "text, UTF-8", 2, "LF"],
    ["without an end", "a\r\nb", "text, UTF-8", 2, "CRLF"],
    ["UTF-16", Buffer.from("\ufeffa\rb\r", "utf16le"), "text, UTF-16 LE with a byte order mark", 2, "CR"],
    ["mixed", "a\nb\nc\r\n", "text, UTF-8", 3, "mixed, mostly LF"],
    ["empty", "", "text, UTF-8", 0, "none"],
  ])("%s", async (_, content, kind, lines, ends) => {
    chmodSync(session.put("a.txt", content), 0o640)
    const size = Buffer.from(content as string).length
    expect(await told("a.txt")).toEqual([
      ...["a.txt", `bytes: ${size}`, "mode: 0640", `kind: ${kind}`],
      `lines: ${lines}${content === "a\r\nb" ? ", no line end at the end" : ""}`,
      `line ends: ${ends}`,
    ])
  })

  test("binary files, folders and links have their own words; what is not there has near names", async () => {
    session.put("bin/tool", Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]))
    symlinkSync("bin/tool", join(session.root, "link"))
    expect(await told("bin/tool")).toContain("kind: an ELF program or library")
    expect(await told("bin")).toContain("kind: folder with 1 entries")
    expect(await told("link")).toContain(`it is: ${session.root}/bin/tool`)
    expect(await session.say("file_info", { path: "bin/tol" })).toContain("Did you mean bin/tool?")
  })

  test("the hash is that of the content", async () => {
    session.put("a.txt", "a\n")
    const hash = Bun.CryptoHasher.hash("sha256", "a\n", "hex")
    expect(await session.say("file_info", { path: "a.txt" })).toContain(`sha256: ${hash}`)
  })
})

describe("head_tail shows both ends of a file", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n")

  test("with the numbers of its lines, and how many lie between", async () => {
    session.put("a.log", `${lines(100)}\n`)
    expect(await session.say("head_tail", { path: "a.log", head: 2, tail: 1 })).toBe(
      "     1\tline 1\n     2\tline 2\n… (97 lines)\n   100\tline 100",
    )
    expect(await session.say("head_tail", { path: "a.log", head: 0, tail: 1 })).toBe("… (99 lines)\n   100\tline 100")
    session.put("b.log", "one\ntwo\n")
    expect(await session.say("head_tail", { path: "b.log" })).toBe("     1\tone\n     2\ttwo")
    session.put("c.log", "")
    expect(await session.say("head_tail", { path: "c.log" })).toBe("c.log is empty.")
  })

  test("of any size, reading little of it, and long lines cut", async () => {
    session.put("big.log", `${`${"x".repeat(2_000)}\n`.repeat(2_000)}the last`)
    const said = await session.say("head_tail", { path: "big.log", head: 1, tail: 1 })
    expect(said).toStartWith(`     1\t${"x".repeat(500)}…\n… (how many`)
    expect(said).toEndWith("\nthe last")
  })

  test("a binary, a folder and what is not there are told", async () => {
    session.put("bin", Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0]))
    expect(await session.say("head_tail", { path: "bin" })).toContain("is an ELF program")
    expect(await session.say("head_tail", { path: "." })).toContain("There is no file")
    expect(await session.say("head_tail", { path: "bim" })).toContain("Did you mean bin?")
  })
})

describe("diff", () => {
  test("tells two files apart", async () => {
    session.put("a.txt", "one\ntwo\n")
    session.put("b.txt", "one\n2\n")
    expect(await session.say("diff", { path: "a.txt", other: "b.txt" })).toBe(
      "--- a.txt\n+++ b.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n",
    )
    expect(await session.say("diff", { path: "a.txt", other: "a.txt" })).toBe("a.txt and a.txt are the same.")
    expect(await session.say("diff", { path: "a.txt", other: "c.txt" })).toBe("error: There is no file c.txt.")
    session.put("c.bin", Uint8Array.from([0, 1, 2]))
    expect(await session.say("diff", { path: "a.txt", other: "c.bin" })).toContain("one of them is binary")
  })

  test("tells what changed since the last commit, new files by name, and runs git so that it can do nothing else", async () => {
    const git = (...args: readonly string[]) =>
      Bun.spawnSync(["git", "-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: session.root })
    session.put("src/a.txt", "one\n")
    session.put("b.txt", "b\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    expect(await session.say("diff", {})).toBe(`Nothing in ${session.root} differs since the last commit.`)
    session.put("src/a.txt", "two\n")
    session.put("b.txt", "c\n")
    session.put("new.txt", "new\n")
    expect(await session.say("diff", { path: "src/a.txt" })).toContain("@@ -1 +1 @@\n-one\n+two\n")
    const all = await session.say("diff", {})
    expect([all.includes("-one"), all.includes("+c"), all.includes("Not known to git: new.txt")]).toEqual([
      true,
      true,
      true,
    ])
    expect(new Set(asked.map(({ sandbox, network }) => `${sandbox} ${network}`))).toEqual(
      new Set(["read-only undefined"]),
    )
  })

  test("without a repository, or a sandbox for git, says so", async () => {
    session.put("a.txt", "a\n")
    expect(await session.say("diff", { path: "a.txt" })).toContain("Git cannot tell what differs")
    open({ exec: { ...running, confinement: async () => ({ kind: "none", reason: "The person said so." }) } })
    session.put("a.txt", "a\n")
    expect(await session.say("diff", { path: "a.txt" })).toContain("Git would run without a sandbox here")
  })

  test("tells what the session's calls changed", async () => {
    open(
      {},
      {
        sessions: {
          ...noSessions,
          changesSinceStart: async () => [
            { path: join(session.root, "src/a.txt"), diff: "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-one\n+two\n" },
            { path: join(session.root, "b.bin"), diff: "binary, 3 bytes" },
          ],
        },
      },
    )
    session.put("src/a.txt", "two\n")
    expect(await session.say("diff", { against: "start" })).toContain("-one\n+two\n\nb.bin: binary, 3 bytes")
    expect(await session.say("diff", { path: "src", against: "start" })).not.toContain("b.bin")
  })

  test("a secret is compared with nothing", async () => {
    const key = session.put(join(session.home, ".ssh/id_rsa"), "key\n")
    session.put("a.txt", "a\n")
    expect(await session.say("diff", { path: "a.txt", other: key })).toStartWith("error: Refused")
    expect(await session.say("diff", { path: key })).toStartWith("error: Refused")
  })
})

describe("redo", () => {
  const change = { path: "/w/a.txt", before: null, after: null }
  const looking = (lastChangedBy: string | undefined) => {
    const undone: number[] = []
    open(
      {},
      {
        sessions: {
          ...noSessions,
          lastChangedBy: async () => lastChangedBy,
          undoPreview: async () => [{ path: join(session.root, "a.txt"), action: "restore" }],
          undo: async (calls) => {
            undone.push(calls)
            if (calls !== 1) throw new ToolFailure("Not so many.")
            return [change]
          },
        },
      },
    )
    return undone
  }

  test("makes again what the newest undo took back", async () => {
    const undone = looking("undo")
    expect(await session.say("redo", {})).toBe("Done again:\nmade again /w/a.txt")
    expect(undone).toEqual([1])
  })

  test.each([["edit"], [undefined]])("is refused when the newest change was none (%s)", async (last) => {
    const undone = looking(last)
    await expect(session.plan("redo", {})).rejects.toThrow("There is nothing to redo")
    expect(undone).toEqual([])
  })
})
