import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const envelope = (...lines: readonly string[]) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n")
const say = (patch: string) => session.say("apply_patch", { patch })
const put = (files: Readonly<Record<string, string>>) => {
  for (const [path, content] of Object.entries(files)) session.put(path, content)
}
/** Every file of the workspace. */
function files(folder = session.root): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    found
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, "utf8")] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

describe("a patch in the public format", () => {
  test("adds, changes, moves and deletes files, and tells each", async () => {
    put({ "a.ts": "one\ntwo\nthree\n", "old.ts": "x\ny\n", "gone.ts": "z\n" })
    const result = await session.call("apply_patch", {
      patch: envelope(
        ...["*** Add File: new/b.ts", "+first", "+", "+third"],
        ...["*** Update File: a.ts", "@@", " one", "-two", "+2", " three"],
        ...["*** Update File: old.ts", "*** Move to: deep/new.ts", "@@", "-y", "+Y"],
        "*** Delete File: gone.ts",
      ),
    })
    expect(files()).toEqual({ "a.ts": "one\n2\nthree\n", "deep/new.ts": "x\nY\n", "new/b.ts": "first\n\nthird\n" })
    expect(textOf(result).split("\n")).toEqual([
      "Changed a.ts at line 2 (+1 −1).",
      "Created deep/new.ts (2 lines). It was old.ts.",
      "Created new/b.ts (3 lines).",
      "Deleted gone.ts.",
      "Deleted old.ts.",
    ])
    expect(result.changes?.map(({ kind, path }) => `${kind} ${relative(session.root, path)}`)).toEqual([
      ...["update a.ts", "add deep/new.ts", "add new/b.ts", "delete gone.ts", "delete old.ts"],
    ])
    expect(result.forHuman?.body).toContain("--- gone.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-z\n")
  })

  test("says before anything is done what it would do, with a diff for each file", async () => {
    put({ "a.ts": "one\n", "gone.ts": "z\n" })
    const patch = envelope("*** Update File: a.ts", "@@", "-one", "+1", "*** Delete File: gone.ts")
    const plan = await session.plan("apply_patch", { patch })
    expect(plan.actions).toEqual([
      { verb: "write", target: `${session.root}/a.ts`, diff: "--- a.ts\n+++ a.ts\n@@ -1,1 +1,1 @@\n-one\n+1\n" },
      { verb: "delete", target: `${session.root}/gone.ts`, diff: "--- gone.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-z\n" },
    ])
    expect(plan.effects).toEqual(
      ["a.ts", "gone.ts"].map((name) => ({ kind: "write", paths: [`${session.root}/${name}`], isInside: true })),
    )
    expect(files()).toEqual({ "a.ts": "one\n", "gone.ts": "z\n" })
  })

  test.each<[string, string, readonly string[], string]>([
    ["several chunks in the order of the file", "a\nb\nc\nd\n", ["@@", "-a", "+A", "@@", "-d", "+D"], "A\nb\nc\nD\n"],
    ["several chunks in another order", "a\nb\nc\nd\n", ["@@", "-d", "+D", "@@", "-a", "+A"], "A\nb\nc\nD\n"],
    ["a line, not a part of one", "xa\na\n", ["@@", "-a", "+b"], "xa\nb\n"],
    ["a first chunk without @@", "a\nb\n", ["-a", "+A"], "A\nb\n"],
    ["a head tells two places apart", "f:\n x\ng:\n x\n", ["@@ g:", "- x", "+ y"], "f:\n x\ng:\n y\n"],
    [
      "heads in heads",
      "A:\n f:\n  x\nB:\n f:\n  x\n",
      ["@@ B:", "@@  f:", "-  x", "+  y"],
      "A:\n f:\n  x\nB:\n f:\n  y\n",
    ],
    ["a head that is repeated as context", "f:\n x\ng:\n x\n", ["@@ g:", " g:", "- x", "+ y"], "f:\n x\ng:\n y\n"],
    ["a line number tells two places apart", "x\na\nx\n", ["@@ -3,1 +3,1 @@", "-x", "+y"], "x\na\ny\n"],
    ["the end of the file tells two places apart", "x\na\nx\n", ["@@", "-x", "+y", "*** End of File"], "x\na\ny\n"],
    ["only added lines go to the end", "a\nb\n", ["@@", "+c"], "a\nb\nc\n"],
    ["or below their head", "f:\n x\ng:\n", ["@@ f:", "+ 0"], "f:\n 0\n x\ng:\n"],
    ["only removed lines", "a\nb\nc\n", ["@@", " a", "-b", " c"], "a\nc\n"],
    ["the last line goes", "a\nb\n", ["@@", " a", "-b"], "a\n"],
    ["the last line without an end goes", "a\nb", ["@@", " a", "-b"], "a\n"],
    ["a new last line gets an end", "a\nb", ["@@", "-b", "+c"], "a\nc\n"],
    ["an old last line keeps having none", "a\nb", ["@@", "-a", "+A", " b"], "A\nb"],
    ["lines are added after a last line without an end", "a\nb", ["@@", "+c"], "a\nb\nc\n"],
    ["all lines go", "a\n", ["@@", "-a"], ""],
    ["a blank line of context without its space", "a\n\nb\n", ["@@", " a", "", "-b", "+c"], "a\n\nc\n"],
    ["a blank line before the next header is none", "a\n", ["@@", "-a", "+b", ""], "b\n"],
    ["what begins with marks inside a line is a line", "+a\n-b\n", ["@@", "-+a", "+-a", " -b"], "-a\n-b\n"],
    [
      "a line of context that looks like a header",
      "*** Add File: x\na\n",
      ["@@", " *** Add File: x", "-a", "+b"],
      "*** Add File: x\nb\n",
    ],
  ])("changes a file: %s", async (_, before, lines, after) => {
    put({ "a.txt": before })
    expect(await say(envelope("*** Update File: a.txt", ...lines))).not.toStartWith("error")
    expect(session.text("a.txt")).toBe(after)
  })

  test.each<[string, string]>([
    ["CRLF", "a\r\nb\r\nc\r\n"],
    ["CR", "a\rb\rc\r"],
    ["mixed, the place's own", "x\na\r\nb\r\nc\n"],
  ])("keeps line ends: %s", async (_, before) => {
    put({ "a.txt": before })
    await say(envelope("*** Update File: a.txt", "@@", " a", "-b", "+B", "+B2", " c"))
    expect(session.text("a.txt")).toBe(before.replace(/b(\r\n?|\n)/, "B$1B2$1"))
  })

  test.each<[string, string, readonly string[], string]>([
    ["trailing space", "a  \nb\n", [" a", "-b", "+c"], "a  \nc\n"],
    ["indentation", "\tif x:\n\t\ty\n", [" if x:", "-    y", "+    z"], "\tif x:\n\t\tz\n"],
    ["typography", "say “hi”\nb\n", [' say "hi"', "-b", "+c"], "say “hi”\nc\n"],
  ])("what was read is found apart from %s, and stays as the file has it", async (_, before, lines, after) => {
    put({ "a.txt": before })
    const patch = envelope("*** Update File: a.txt", "@@", ...lines)
    expect(await say(patch)).toContain("you have not read the file. Read it first. Nothing was written.")
    expect(session.text("a.txt")).toBe(before)
    await session.call("read", { path: "a.txt" })
    expect(await say(patch)).toContain("the file's own were kept.")
    expect(session.text("a.txt")).toBe(after)
  })

  test("lines that stand in several places are not guessed", async () => {
    put({ "a.txt": "x\na\nx\nf\nx\n" })
    const patch = envelope("*** Update File: a.txt", "@@", "-x", "+y")
    expect(await say(patch)).toBe(
      "error: a.txt: its chunk does not fit: its lines occur 3 times, at lines 1, 3, 5. Add lines of context until there is " +
        'one place, or name a line above it behind "@@". Nothing was written.',
    )
    expect(await say(envelope("*** Update File: a.txt", "@@ -2,1 +2,1 @@", "-x", "+y"))).toContain("occur 3 times")
    expect(session.text("a.txt")).toBe("x\na\nx\nf\nx\n")
  })

  test.each<[string, readonly string[], string]>([
    [
      "what is not there",
      ["@@", "-twoo", "+2"],
      'The nearest text is at lines 2-2 (line 2 differs: oldText has "twoo"',
    ],
    ["what is there already", ["@@", " one", "-2", "+two"], "it may be applied already"],
    ["a head that is not there", ["@@ class A", "-two", "+2"], 'no line reads "class A", which "@@" names'],
  ])("a chunk that does not fit is told with what is there instead: %s", async (_, lines, said) => {
    put({ "a.txt": "one\ntwo\nthree\n" })
    expect(await say(envelope("*** Update File: a.txt", ...lines))).toContain(said)
    expect(session.text("a.txt")).toBe("one\ntwo\nthree\n")
  })

  test.each<[string, string, string]>([
    ["no operation", envelope(), "changes no file"],
    ["no end", "*** Begin Patch\n*** Delete File: a.txt", 'its last line is not "*** End Patch"'],
    ["a header of another kind", envelope("*** Rename File: a.txt"), "at its line 2"],
    ["an update without a chunk", envelope("*** Update File: a.txt"), "the update of a.txt has no chunk"],
    ["a chunk without a line", envelope("*** Update File: a.txt", "@@"), "the chunk has no line"],
    ["a line without a mark", envelope("*** Update File: a.txt", "@@", "-a", "oops"), "at its line 5"],
    ["a new file without marks", envelope("*** Add File: b.txt", "oops"), 'a line of a new file begins with "+"'],
    ["nothing", " \n", "The patch is empty"],
    ["something else", "please change a.txt", "begins with neither"],
  ])("what cannot be read changes nothing, not even what comes before: %s", async (_, patch, said) => {
    put({ "a.txt": "a\n" })
    const before = patch.replace("*** Begin Patch", "*** Begin Patch\n*** Add File: early.txt\n+early")
    for (const one of [patch, ...(before === patch || patch === envelope() ? [] : [before])]) {
      const answer = await say(one)
      expect(answer).toContain("Nothing was written")
      if (one === patch) expect(answer).toContain(said)
    }
    expect(files()).toEqual({ "a.txt": "a\n" })
  })

  test("marks and headers may have space around them, and the patch may come in a fence or a here-document", async () => {
    const lines = [" *** Begin Patch ", "  *** Update File: a.txt", "@@", "-a", "+b", " *** End Patch"]
    for (const patch of [
      lines,
      ["```diff", ...lines, "```"],
      ["apply_patch <<'EOF'", ...lines, "EOF"],
      ["", ...lines, ""],
    ]) {
      put({ "a.txt": "a\n" })
      session.observed.clear()
      expect(await say(patch.join("\n"))).toStartWith("Changed a.txt")
    }
  })

  test("it answers to `patch` too, and takes the text under the names that others give it", async () => {
    put({ "a.txt": "a\n" })
    expect(await session.say("patch", { input: envelope("*** Update File: a.txt", "@@", "-a", "+b") })).toStartWith(
      "Changed",
    )
    const plan = await session.plan("patch", { patch: envelope("*** Delete File: a.txt") })
    expect(plan.name).toBe("apply_patch")
  })

  test("operations before one that does not fit hold, and both are told", async () => {
    put({ "b.txt": "b\n" })
    const result = await session.call("apply_patch", {
      patch: envelope(
        ...["*** Add File: a.txt", "+a", "*** Update File: none.txt", "@@", "-x", "+y", "*** Delete File: b.txt"],
      ),
    })
    expect(files()).toEqual({ "a.txt": "a\n", "b.txt": "b\n" })
    expect([result.isError, textOf(result)]).toEqual([
      true,
      "Created a.txt (1 lines).\nThe patch ends before operation 2 of 3: There is no file none.txt. It was not done, nor " +
        "was anything of the 1 after it.",
    ])
  })

  test("one file may come in several operations", async () => {
    put({ "a.txt": "a\n" })
    await say(
      envelope(
        ...[
          "*** Update File: a.txt",
          "@@",
          "-a",
          "+b",
          "*** Update File: ./a.txt",
          "*** Move to: c.txt",
          "@@",
          "-b",
          "+c",
        ],
        ...["*** Add File: a.txt", "+new", "*** Add File: never.txt", "+x", "*** Delete File: never.txt"],
      ),
    )
    expect(files()).toEqual({ "a.txt": "new\n", "c.txt": "c\n" })
  })
})

describe("what holds for edits holds for patches", () => {
  test("a file that changed since it was read is not changed, replaced, moved or deleted", async () => {
    put({ "a.txt": "a\n" })
    await session.call("read", { path: "a.txt" })
    put({ "a.txt": "a\nmine\n" })
    const update = ["*** Update File: a.txt", "@@", "-a", "+b"]
    for (const lines of [
      update,
      ["*** Add File: a.txt", "+x"],
      ["*** Delete File: a.txt"],
      ["*** Update File: a.txt", "*** Move to: b.txt"],
    ])
      expect(await say(envelope(...lines))).toContain("a.txt was changed by someone else since you read it")
    expect(files()).toEqual({ "a.txt": "a\nmine\n" })
  })

  test("a file that changes between plan and run stops all of it", async () => {
    put({ "a.txt": "a\n", "b.txt": "b\n" })
    const patch = envelope("*** Update File: a.txt", "@@", "-a", "+A", "*** Delete File: b.txt")
    const plan = await session.plan("apply_patch", { patch })
    put({ "b.txt": "mine\n" })
    await expect(session.run(plan)).rejects.toThrow("Nothing was written, in no file")
    expect(files()).toEqual({ "a.txt": "a\n", "b.txt": "mine\n" })
  })

  test("secrets are neither read, written, moved to nor deleted", async () => {
    mkdirSync(join(session.home, ".ssh"))
    const key = session.put(join(session.home, ".ssh/id_rsa"), "key\n")
    put({ "a.txt": "a\n" })
    for (const lines of [
      [`*** Update File: ${key}`, "@@", "-key", "+x"],
      [`*** Delete File: ${key}`],
      [`*** Add File: ${key}`, "+x"],
      ["*** Update File: a.txt", `*** Move to: ${key}`],
    ])
      expect(await say(envelope(...lines))).toStartWith("error: Refused: ")
    expect(session.text(key)).toBe("key\n")
  })

  test("a link is followed to change what it leads to, and neither moved nor deleted", async () => {
    put({ "real.txt": "a\n" })
    symlinkSync("real.txt", join(session.root, "link.txt"))
    await say(envelope("*** Update File: link.txt", "@@", "-a", "+b"))
    for (const lines of [["*** Delete File: link.txt"], ["*** Update File: link.txt", "*** Move to: b.txt"]])
      expect(await say(envelope(...lines))).toContain("is a link to")
    expect(files()).toEqual({ "real.txt": "b\n" })
  })

  test("what leads out of the workspace says so, for the judge", async () => {
    const plan = await session.plan("apply_patch", { patch: envelope("*** Add File: ../app-evil/x", "+x") })
    expect(plan.effects).toEqual([{ kind: "write", paths: [`${session.outside}/x`], isInside: false }])
  })

  test("a file that moves keeps its mode; so does one that is changed", async () => {
    put({ "run.sh": "a\n", "other.sh": "a\n" })
    for (const name of ["run.sh", "other.sh"]) chmodSync(join(session.root, name), 0o751)
    await say(
      envelope(...["*** Update File: run.sh", "*** Move to: bin/run", "*** Update File: other.sh", "@@", "-a", "+b"]),
    )
    expect(["bin/run", "other.sh"].map((name) => statSync(join(session.root, name)).mode & 0o777)).toEqual([
      0o751, 0o751,
    ])
  })

  test("the mark of a hidden secret is not written", async () => {
    put({ "a.txt": "a\n" })
    for (const lines of [
      ["*** Update File: a.txt", "@@", "-a", "+[secret: openai key]"],
      ["*** Add File: b.txt", "+[secret: openai key]"],
    ])
      expect(await say(envelope(...lines))).toContain("stands for a secret that is not shown to you")
    expect(files()).toEqual({ "a.txt": "a\n" })
  })

  test("a file that is replaced is named", async () => {
    put({ "a.txt": "a\n", "b.txt": "b\n" })
    const said = "A file was there already and is replaced; undo brings it back."
    expect(await say(envelope("*** Add File: a.txt", "+x"))).toBe(`Changed a.txt at line 1 (+1 −1). ${said}`)
    expect(await say(envelope("*** Update File: a.txt", "*** Move to: b.txt"))).toContain(`It was a.txt. ${said}`)
    expect(files()).toEqual({ "b.txt": "x\n" })
  })
})

describe("a unified diff", () => {
  const DIFF = [
    "diff --git a/a.txt b/a.txt",
    "index 1..2 100644",
    "--- a/a.txt",
    "+++ b/a.txt",
    "@@ -1,3 +1,3 @@ heading",
    " one",
    "-two",
    "+2",
    " three",
    "diff --git a/new.txt b/new.txt",
    "new file mode 100755",
    "--- /dev/null",
    "+++ b/new.txt",
    "@@ -0,0 +1 @@",
    "+new",
    "\\ No newline at end of file",
    "diff --git a/gone.txt b/gone.txt",
    "deleted file mode 100644",
    "--- a/gone.txt",
    "+++ /dev/null",
    "@@ -1 +0,0 @@",
    "-z",
    "diff --git a/from.txt b/to.txt",
    "similarity index 100%",
    "rename from from.txt",
    "rename to to.txt",
    "",
  ].join("\n")

  test("as git writes it changes, adds, deletes and renames", async () => {
    put({ "a.txt": "one\ntwo\nthree\n", "gone.txt": "z\n", "from.txt": "f\n" })
    expect(await say(DIFF)).not.toStartWith("error")
    expect(files()).toEqual({ "a.txt": "one\n2\nthree\n", "new.txt": "new", "to.txt": "f\n" })
    expect(statSync(join(session.root, "new.txt")).mode & 0o777).toBe(0o755)
  })

  test("is done as a whole or not at all", async () => {
    put({ "a.txt": "one\ntwo\nthree\n" })
    expect(await say(DIFF)).toBe("error: There is no file gone.txt. Nothing was written.")
    expect(files()).toEqual({ "a.txt": "one\ntwo\nthree\n" })
  })

  test("without git's words, with times, wrong counts and wrong line numbers, finds its one place", async () => {
    put({ "src/a b.txt": "0\none\ntwo\nthree\n" })
    const diff = "--- src/a b.txt\t2026-01-01 00:00:00\n+++ src/a b.txt\t2026-01-02\n@@ -9,9 +9,9 @@\n one\n-two\n+2\n"
    expect(await say(diff)).toStartWith("Changed src/a b.txt at line 3")
  })

  test("the line it names tells two places apart", async () => {
    put({ "a.txt": "x\n\nx\n" })
    await say("--- a/a.txt\n+++ b/a.txt\n@@ -3 +3 @@\n-x\n+y\n")
    expect(session.text("a.txt")).toBe("x\n\ny\n")
  })

  test("knows which file has no line end, before and after", async () => {
    put({ "a.txt": "a", "b.txt": "b\n" })
    await say(
      "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+A\n" +
        "--- b.txt\n+++ b.txt\n@@ -1 +1 @@\n-b\n+B\n\\ No newline at end of file\n",
    )
    expect(files()).toEqual({ "a.txt": "A\n", "b.txt": "B" })
  })

  test("names that git quotes are read", async () => {
    put({ "é.txt": "a\n" })
    await say('--- "a/\\303\\251.txt"\n+++ "b/\\303\\251.txt"\n@@ -1 +1 @@\n-a\n+b\n')
    expect(session.text("é.txt")).toBe("b\n")
  })

  test.each([
    ["a binary", "diff --git a/x b/x\nBinary files a/x and b/x differ\n", "binary content"],
    ["a copy", "diff --git a/x b/y\ncopy from x\ncopy to y\n", "copies a file"],
    ["a mode", "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "changes a file's mode"],
    ["a new file that is there", "--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+x\n", "is there already"],
  ])("what it asks for and is not done is said: %s", async (_, diff, said) => {
    put({ "a.txt": "a\n" })
    expect(await say(diff)).toContain(said)
    expect(files()).toEqual({ "a.txt": "a\n" })
  })
})

/** The public scenarios of the format: their folder lies beside the repository, or is named. */
const SCENARIOS =
  process.env.SKEIN_PATCH_SCENARIOS ?? resolve(import.meta.dir, "../../../../shared/data/apply-patch-scenarios")

describe.skipIf(!existsSync(SCENARIOS))("a public scenario of the format ends as it says", () => {
  const names = existsSync(SCENARIOS) ? readdirSync(SCENARIOS).filter((name) => /^\d/.test(name)) : []
  test.each(names)("%s", async (name) => {
    const folder = (part: string) => join(SCENARIOS, name, part)
    if (existsSync(folder("input"))) put(files(folder("input")))
    await say(readFileSync(folder("patch.txt"), "utf8"))
    expect(files()).toEqual(files(folder("expected")))
  })
})
