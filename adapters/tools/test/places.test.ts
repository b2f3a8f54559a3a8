import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { fakeExec } from "@skein/testkit"
import { runsLater } from "../src/files/runs-later.ts"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const effects = async (name: string, path: string) =>
  (await session.plan(name, name === "read" ? { path } : { path, content: "x" })).effects

describe("where a path leads", () => {
  test("a folder that begins with the workspace's name is outside", async () => {
    session.put(join(session.outside, "a.txt"), "x")
    const outside = [{ kind: "read", paths: [join(session.outside, "a.txt")], isInside: false }]
    for (const path of ["../app-evil/a.txt", `${session.root}-evil/a.txt`, "x/../../app-evil//./a.txt"]) {
      expect(await effects("read", path)).toEqual(outside as never)
    }
  })

  test("links are resolved first, dangling ones and those to folders too", async () => {
    symlinkSync(session.outside, join(session.root, "folder"))
    symlinkSync(join(session.outside, "missing"), join(session.root, "dangling"))
    const outside = (name: string) => [{ kind: "write", paths: [join(session.outside, name)], isInside: false }]
    expect(await effects("write", "folder/new/a.txt")).toEqual(outside("new/a.txt") as never)
    expect(await effects("write", "dangling")).toEqual(outside("missing") as never)
  })

  test.skipIf(process.platform !== "linux")("the links of /proc are links", async () => {
    expect(await effects("read", "/proc/self/root/etc/none")).toEqual([
      { kind: "read", paths: ["/etc/none"], isInside: false },
    ])
  })

  test("nothing is expanded or decoded", async () => {
    expect(await session.say("read", { path: "~/notes" })).toContain('"~" is not expanded')
    expect(await session.say("read", { path: "~root/notes" })).toContain('"~" is not expanded')
    expect(await session.say("read", { path: "a\0b" })).toContain("NUL")
    expect(await session.say("read", { path: " " })).toContain("empty")
    expect(await session.say("read", { path: "%2e%2e/app-evil" })).toContain("There is no file %2e%2e/app-evil")
    session.put("~", "x")
    expect(await session.say("read", { path: "./~" })).toContain("x")
  })
})

const ONLY_TOLD = "only files in it can be read, by the path that was told"

describe("keys and passwords are refused in every mode", () => {
  test.each([
    ".ssh/id_ed25519",
    ".SSH/id_rsa",
    ".aws/credentials",
    ".netrc",
    ".mozilla/a/logins.json",
    ".config/gh/hosts.yml",
    ".codex/auth.json",
    ".claude/.credentials.json",
    ".npmrc",
    ".cargo/credentials.toml",
    ".vault-token",
    ".bash_history",
  ])("~/%s", async (name) => {
    session.put(join(session.home, name), "secret")
    expect(await session.say("read", { path: join(session.home, name) })).toStartWith("error: Refused")
    expect(await session.say("write", { path: `../home/${name}`, content: "x" })).toStartWith("error: Refused")
  })

  test("through links, and where the store is itself a link", async () => {
    session.put(join(session.outside, "keys/id"), "secret")
    symlinkSync(join(session.outside, "keys"), join(session.home, ".ssh"))
    symlinkSync(join(session.home, ".ssh"), join(session.root, "innocent"))
    expect(await session.say("read", { path: "innocent/id" })).toStartWith("error: Refused")
    expect(await session.say("read", { path: join(session.outside, "keys/id") })).toStartWith("error: Refused")
  })

  test("in other people's home folders", async () => {
    for (const path of ["/root/.ssh/id_ed25519", "/home/../root/.netrc"]) {
      expect(await session.say("read", { path })).toStartWith("error: Refused")
    }
  })

  test("what skein keeps for the model is read like the workspace, beside what it keeps for itself, and not listed", async () => {
    const kept = join(session.outside, "artifacts")
    const path = session.put(join(kept, "shared/1.txt"), "the whole output")
    session.put(join(session.outside, "log"), "secret")
    symlinkSync(session.outside, join(session.home, "link"))
    const named = join(session.home, "link")
    const other = toolSession({ secrets: [named], shown: [join(named, "artifacts")] })
    expect((await other.plan("read", { path })).effects).toEqual([{ kind: "read", paths: [path], isInside: true }])
    expect(await other.say("read", { path })).toContain("the whole output")
    expect(await other.say("grep", { path, pattern: "whole" })).toContain("1:the whole output")
    expect((await other.plan("edit", { path, oldText: "the whole output", newText: "x" })).effects).toEqual([
      { kind: "write", paths: [path], isInside: false },
    ])
    for (const folder of [kept, join(kept, "shared")]) {
      for (const name of ["list", "tree"]) expect(await other.say(name, { path: folder })).toContain(ONLY_TOLD)
      for (const name of ["grep", "glob"])
        expect(await other.say(name, { path: folder, pattern: "o" })).toContain(ONLY_TOLD)
    }
    expect(await other.say("read", { path: join(kept, "../log") })).toStartWith("error: Refused")
    other.close()
  })

  test("the environment and memory of processes, and what the host names", async () => {
    for (const path of [
      "/proc/self/environ",
      `/proc/${process.pid}/mem`,
      `/proc/${process.pid}/task/${process.pid}/environ`,
    ]) {
      expect(await session.say("read", { path })).toStartWith("error: Refused")
    }
    expect(await session.say("read", { path: "/etc/shadow" })).toStartWith("error: Refused")
    const other = toolSession({ secrets: [join(session.root, "auth.json")] })
    expect(await other.say("read", { path: join(session.root, "auth.json") })).toStartWith("error: Refused")
    other.close()
  })
})

test("of a path in /tmp, which commands have another one of, the model is told", async () => {
  const told = "bash has a /tmp of its own that no other tool sees: to share a file with it, use the workspace."
  const path = join("/tmp", `skein-${crypto.randomUUID()}`)
  const confined = toolSession({ exec: fakeExec({}) })
  const free = toolSession({ exec: fakeExec({}, { kind: "none", reason: "said so" }) })
  for (const [name, input] of [
    ["read", { path }],
    ["list", { path }],
    ["edit", { path, oldText: "a", newText: "b" }],
  ] as const) {
    expect(await confined.say(name, input)).toContain(told)
    expect(await free.say(name, input)).not.toContain(told)
  }
  const inTmp = confined.outside.startsWith("/tmp/")
  const written = await confined.say("write", { path: join(confined.outside, "a"), content: "" })
  expect(written.includes(told)).toBe(inTmp)
  expect(await confined.say("write", { path: "b", content: "" })).not.toContain(told)
  confined.close()
  free.close()
})

describe("files that something runs later are asked about whatever the mode", () => {
  test.each([
    ".git/hooks/pre-commit",
    ".GIT/config",
    "sub/.git",
    ".g\u200bit/config",
    "bare.git/hooks/update",
    ".vscode/tasks.json",
    ".idea/workspace.xml",
    "x.code-workspace",
    ".envrc",
    ".mcp.json",
    "home/.BASHRC",
    ".claude/settings.json",
    ".skein/config.toml",
    ".husky/pre-push",
    ".zed/tasks.json",
    ".vimrc",
    ".dir-locals.el",
  ])("%s", async (path) => {
    const plan = await session.plan("write", { path, content: "x" })
    expect(plan.effects).toMatchObject([{ kind: "write", runsLater: expect.any(String) }])
    expect(plan.actions[1]?.verb).toBe("change what runs later")
  })

  test("through a link into such a folder too; and ordinary files are not", async () => {
    mkdirSync(join(session.root, ".git/hooks"), { recursive: true })
    symlinkSync(".git/hooks", join(session.root, "h"))
    expect(await effects("write", "h/pre-push")).toMatchObject([{ kind: "write", runsLater: expect.any(String) }])
    for (const path of ["src/git/a.ts", ".gitignore", "git.ts", ".github/workflows/a.yml", "my.git.ts"]) {
      expect(JSON.stringify(await effects("write", path))).not.toContain("runsLater")
    }
    expect((await effects("read", ".git")).length).toBe(1)
  })

  test("a workspace that lies in such a folder is not asked about as a whole", () => {
    expect(runsLater("src/a.ts")).toBeUndefined()
    expect(runsLater("/home/me/.claude/worktrees/x/a.ts")).toBe("settings of an agent")
  })
})
