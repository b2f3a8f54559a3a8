import { afterAll, afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join, relative } from "node:path"
import { type Layer, type RunContext, ToolFailure, type ToolsPort } from "@skein/core/ports"
import { exec, layeredWorld, layers } from "@skein/sandbox"
import { shell } from "@skein/shell"
import { filesPortContract, memoryArtifacts } from "@skein/testkit"
import { findRipgrep, localFiles, tools } from "@skein/tools"

setDefaultTimeout(60_000)

/** A workspace with a layer over it, and what is used in it. Not below /tmp, which commands see a private one of. */
const base = realpathSync(mkdtempSync("/var/tmp/skein-layered-"))
const port = layers({ folders: [join(base, "data")], home: join(base, "home") })
const found = await port.available()
if (!found.isAvailable) console.warn(`Skipped, because layers do not work here: ${found.reason} ${found.cure}`)
const commands = exec({ artifacts: memoryArtifacts(), env: { PATH: process.env.PATH, HOME: join(base, "home") } })
const canConfine = (await commands.confinement("workspace-write")).kind === "confined"
const works = found.isAvailable && canConfine
const world = layeredWorld(localFiles())
let layer: Layer
let root: string

afterAll(() => {
  commands.close()
  rmSync(base, { recursive: true })
})

describe.skipIf(!works)("in a layer", () => {
  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(base, "project-")))
    layer = await port.open([root])
  })
  afterEach(async () => {
    await layer.discard()
    rmSync(root, { recursive: true })
  })

  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  /** Files that were there before the layer. */
  const given = async (files: Readonly<Record<string, string>>) => {
    await layer.discard()
    for (const [name, content] of Object.entries(files)) put(join(root, name), content)
    if (files["run.sh"] !== undefined) chmodSync(join(root, "run.sh"), 0o755)
    layer = await port.open([root])
  }
  /** As a command in the layer would: over the layer's own file, where it has one. */
  const putInLayer = (path: string, content: string | Uint8Array) => {
    const own = readdirSync(join(base, "data")).map((name) => join(base, "data", name, "0/upper", relative(root, path)))
    const [above = ""] = own.filter((candidate) => existsSync(candidate))
    put(above === "" ? path : above, content)
  }
  const run = async (command: string) =>
    (
      await commands.run({
        ...{ command, cwd: root, sandbox: "workspace-write", roots: [root], timeoutMs: 60_000, bytesMax: 30_000 },
        ...{ signal: new AbortController().signal, layer },
      })
    ).output
  const at = (path: string) => join(root, path)

  filesPortContract("a layer", () => ({
    files: world(layer).files,
    root,
    put: putInLayer,
    link: (path, target) => symlinkSync(target, path),
    special: (path) => void Bun.spawnSync(["mkfifo", path]),
  }))

  function toolbox(): (name: string, input: unknown) => Promise<string> {
    const observed = new Map<string, string>()
    const refuse = () => Promise.reject(new ToolFailure("Not here."))
    const sessions = {
      undoPreview: refuse,
      undo: refuse,
      search: refuse,
      read: refuse,
      contextSize: () => ({ contextTokens: 0 }),
    }
    const context = {
      ...{ sessionId: "ses_a", callId: "cal_a", cwd: root, roots: [root], sandbox: "workspace-write", layer, sessions },
      observed: (path) => observed.get(path),
      signal: new AbortController().signal,
      askClient: refuse,
      progress: () => undefined,
    } satisfies RunContext
    const ripgrep = async () => findRipgrep(process.execPath) ?? "rg"
    const box: ToolsPort = tools({ files: localFiles(), exec: commands, shell: shell(), ripgrep, layered: world })
    return async (name, input) => {
      try {
        const result = await box.run(await box.plan(name, input, context), context)
        for (const seen of result.observed ?? []) observed.set(seen.path, seen.sha256)
        return result.forModel.map((block) => (block.type === "text" ? block.text : "")).join("\n")
      } catch (error) {
        if (error instanceof ToolFailure) return `failure: ${error.message}`
        throw error
      }
    }
  }

  test("a patch deletes, moves and adds in the layer alone, and all of it is kept at once", async () => {
    await given({ "gone.txt": "gone\n", "run.sh": "one\n", "src/a.ts": "old(1, 2)\n" })
    const say = toolbox()
    const lines = ["*** Delete File: gone.txt", "*** Update File: run.sh", "*** Move to: bin/run", "@@", "-one", "+two"]
    const patch = ["*** Begin Patch", ...lines, "*** Add File: new.txt", "+new", "*** End Patch"].join("\n")

    expect(await say("apply_patch", { patch })).not.toContain("failure")
    const code = { language: "ts", pattern: "old($A, $B)", rewrite: "fresh($B, $A)" }
    expect(await say("advanced_edit", code)).toContain("1 place in 1 file.")
    expect(await run("ls; cat bin/run new.txt src/a.ts; stat -c %a bin/run")).toBe(
      "bin\nnew.txt\nsrc\ntwo\nnew\nfresh(2, 1)\n755\n",
    )
    expect(await say("file_info", { path: "gone.txt" })).toContain("There is no gone.txt")
    expect(["gone.txt", "run.sh", "src/a.ts"].map((name) => readFileSync(at(name), "utf8"))).toEqual([
      ...["gone\n", "one\n", "old(1, 2)\n"],
    ])
    await layer.keep()
    expect(["gone.txt", "run.sh", "new.txt"].map((name) => existsSync(at(name)))).toEqual([false, false, true])
    expect([readFileSync(at("bin/run"), "utf8"), statSync(at("bin/run")).mode & 0o777]).toEqual(["two\n", 0o755])
  })

  test("what a patch made in the layer a patch takes away there again", async () => {
    await given({ "a.txt": "a\n" })
    const say = toolbox()
    const patch = (...lines: readonly string[]) => ({
      patch: ["*** Begin Patch", ...lines, "*** End Patch"].join("\n"),
    })
    await say("apply_patch", patch("*** Add File: new.txt", "+new", "*** Update File: a.txt", "@@", "-a", "+b"))
    await say("apply_patch", patch("*** Delete File: new.txt", "*** Delete File: a.txt"))
    expect(await run("ls")).toBe("")
    await say("apply_patch", patch("*** Add File: a.txt", "+again"))
    await layer.keep()
    expect([existsSync(at("new.txt")), readFileSync(at("a.txt"), "utf8")]).toEqual([false, "again\n"])
  })

  test("commands, file tools and searches see the same, and the real folder sees nothing", async () => {
    await given({ "a.txt": "one\n", "old/deep.txt": "needle\n", "gone.txt": "needle\n" })
    const say = toolbox()
    await run("rm gone.txt; mv old new; echo needle > b.txt")

    expect(await say("read", { path: "gone.txt" })).toStartWith("failure: ")
    expect(await say("read", { path: "old/deep.txt" })).toStartWith("failure: ")
    expect(await say("read", { path: "new/deep.txt" })).toContain("needle")
    expect(await say("grep", { pattern: "needle", mode: "files" })).toBe("b.txt\nnew/deep.txt")
    expect(await say("glob", { pattern: "**/*.txt" })).toBe("a.txt\nb.txt\nnew/deep.txt")
    expect(await say("list", { path: "." })).not.toContain("gone")
    expect(await say("tree", {})).toContain("deep.txt")
    await say("read", { path: "a.txt" })
    await say("edit", { path: "a.txt", oldText: "one", newText: "two" })
    await say("write", { path: "old/again.txt", content: "again\n" })
    await say("write", { path: "gone.txt", content: "back\n" })
    await say("read", { path: "b.txt" })
    await say("multiedit", { edits: [{ path: "b.txt", oldText: "needle", newText: "pin" }] })

    expect(await run("cat a.txt old/* gone.txt b.txt; ls")).toBe(
      "two\nagain\nback\npin\na.txt\nb.txt\ngone.txt\nnew\nold\n",
    )
    expect(await say("list", { path: "old" })).toBe("again.txt")
    expect(["a.txt", "old/deep.txt", "gone.txt"].map((name) => readFileSync(at(name), "utf8"))).toEqual([
      "one\n",
      "needle\n",
      "needle\n",
    ])
    expect([existsSync(at("b.txt")), existsSync(at("new"))]).toEqual([false, false])
    await layer.keep()
    expect(["a.txt", "old/again.txt", "gone.txt", "b.txt"].map((name) => readFileSync(at(name), "utf8"))).toEqual([
      "two\n",
      "again\n",
      "back\n",
      "pin\n",
    ])
    expect(existsSync(at("old/deep.txt"))).toBe(false)
  })

  test("a file keeps its permissions, and one that is closed stays closed", async () => {
    await given({ "run.sh": "#!/bin/sh\necho one\n" })
    const say = toolbox()
    await say("read", { path: "run.sh" })
    await say("edit", { path: "run.sh", oldText: "one", newText: "two" })

    expect(await run("./run.sh")).toBe("two\n")
    await layer.keep()
    expect(statSync(at("run.sh")).mode & 0o777).toBe(0o755)
  })

  test("nothing is written past it: not outside, not through a link that a command made, not by other tools", async () => {
    put(join(base, "home/file"), "mine\n")
    const say = toolbox()
    await run(`ln -s ${base}/home out; ln -s /etc etc`)

    for (const path of ["out/new", "out/file", "etc/passwd", "/var/tmp/skein-never"]) {
      expect([path, await say("write", { path, content: "evil" })]).toEqual([
        path,
        expect.stringContaining("failure: "),
      ])
    }
    expect(await say("undo", {})).toContain("cannot be tried out")
    expect(existsSync("/var/tmp/skein-never")).toBe(false)
    expect(readFileSync(join(base, "home/file"), "utf8")).toBe("mine\n")
    expect(existsSync(join(base, "home/new"))).toBe(false)
  })

  test("failures name the path that was asked for, not where the layer has it", async () => {
    const say = toolbox()
    await run("mkdir folder; echo a > a")

    for (const [name, input] of [
      ["read", { path: "folder" }],
      ["write", { path: "a/below", content: "" }],
      ["edit", { path: "none", oldText: "a", newText: "b" }],
    ] as const) {
      const said = await say(name, input)
      expect([said.startsWith("failure: "), said.includes(join(base, "data"))]).toEqual([true, false])
    }
  })
})
