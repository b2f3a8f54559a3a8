import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const one = (name: string, args: unknown) => ({ calls: [{ name, args }] })

/** The newest request, as it was sent. */
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""
const put = async ({ scene }: Talking, files: Readonly<Record<string, string>>) => {
  for (const [path, content] of Object.entries(files)) await Bun.write(scene.path(path), content)
}

describeBinary("a model's file tools", () => {
  test(
    "a patch is applied as far as it fits, and one undo takes it back, the file it deleted too",
    async () => {
      const patch = [
        ...["*** Begin Patch", "*** Add File: new/b.txt", "+b", "*** Update File: a.txt", "*** Move to: c.txt", "@@"],
        ...["-one", "+two", "*** Delete File: none.txt", "*** End Patch"],
      ].join("\n")
      using talk = talking(
        one("apply_patch", { patch }),
        { text: "Patched." },
        one("undo", {}),
        { text: "Undone." },
        one("redo", {}),
        { text: "Redone." },
      )
      const { scene } = talk
      await put(talk, { "a.txt": "one\n" })
      await scene.run(["-p", "patch it"])
      expect([scene.read("c.txt"), scene.read("new/b.txt"), existsSync(scene.path("a.txt"))]).toEqual([
        ...["two\n", "b\n", false],
      ])
      expect(lastAsked(talk)).toContain("The patch ends before operation 3 of 3: There is no file none.txt.")
      await scene.run(["-p", "--continue", "undo it"])
      expect([scene.read("a.txt"), existsSync(scene.path("c.txt")), existsSync(scene.path("new/b.txt"))]).toEqual([
        ...["one\n", false, false],
      ])
      await scene.run(["-p", "--continue", "redo it"])
      expect([scene.read("c.txt"), existsSync(scene.path("a.txt"))]).toEqual(["two\n", false])
    },
    HANG_MS,
  )

  test(
    "code is rewritten by its syntax in every file",
    async () => {
      using talk = talking(
        one("advanced_edit", { language: "ts", pattern: "old($A, $$$B)", rewrite: "fresh($$$B, $A)" }),
        one("advanced_edit", { path: "a.py", pattern: "print($A)" }),
        one("advanced_edit", { path: "a.py", pattern: "print(" }),
        { text: "Rewritten." },
      )
      await put(talk, { "a.ts": "old(1, 2)\n", "src/b.ts": "old(\n  x,\n)\n", "a.py": "print(x)\n" })
      await talk.scene.run(["-p", "rewrite it"])
      expect([talk.scene.read("a.ts"), talk.scene.read("src/b.ts")]).toEqual(["fresh(2, 1)\n", "fresh(x)\n"])
      const said = lastAsked(talk)
      expect([said.includes("2 places in 2 files."), said.includes("a.py:1: print(x)")]).toEqual([true, true])
      expect(said).toContain("cannot be read as one whole piece of python")
    },
    HANG_MS,
  )

  test(
    "what a file is, its ends, and what differs are told",
    async () => {
      using talk = talking(
        one("file_info", { path: "a.txt" }),
        one("head_tail", { path: "a.txt", head: 1, tail: 1 }),
        one("edit", { path: "a.txt", oldText: "two", newText: "2" }),
        one("diff", { path: "a.txt", other: "b.txt" }),
        one("diff", { path: "a.txt" }),
        one("diff", { against: "start" }),
        one("diff", { path: "gone.txt", other: "b.txt" }),
        { text: "Looked." },
      )
      await put(talk, { "a.txt": "one\r\ntwo\r\nthree\r\n", "b.txt": "one\n" })
      const { cwd } = talk.scene
      for (const args of [
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
      ])
        Bun.spawnSync(["git", ...args], { cwd })
      await talk.scene.run(["-p", "look at it"])
      const said = lastAsked(talk)
      for (const part of ["line ends: CRLF", "… (1 line)", "+++ b.txt", "@@ -1,3 +1,3 @@", "There is no file gone.txt"])
        expect([part, said.includes(part)]).toEqual([part, true])
    },
    HANG_MS,
  )

  test(
    "an edit that is for asking first is refused where nobody can be asked, in every mode",
    async () => {
      const edit = { path: "a.txt", oldText: "one", newText: "two" }
      using talk = talking(one("confirm_edit", edit), one("confirm_multiedit", { edits: [edit] }), { text: "Refused." })
      await put(talk, { "a.txt": "one\n" })
      await talk.scene.run(["-p", "--mode", "full", "edit it"])
      expect(talk.scene.read("a.txt")).toBe("one\n")
      expect(lastAsked(talk)).toContain("this tool is for asking you first")
    },
    HANG_MS,
  )

  test(
    "a project's formatter brings a changed file into form, and undo takes both back",
    async () => {
      using talk = talking(
        one("write", { path: "untrusted.ts", content: "x\n" }),
        { text: "Written." },
        one("write", { path: "a.ts", content: "x\n" }),
        { text: "Written." },
        one("undo", {}),
        { text: "Undone." },
      )
      const { scene } = talk
      mkdirSync(scene.path("node_modules/.bin"), { recursive: true })
      const program = scene.path("node_modules/.bin/prettier")
      await Bun.write(program, '#!/bin/sh\nfor last; do :; done\necho "// formatted" >> "$last"\n')
      chmodSync(program, 0o755)
      await put(talk, { ".prettierrc": "{}" })
      await scene.run(["-p", "write it"])
      expect(scene.read("untrusted.ts")).toBe("x\n")
      await scene.run(["-p", "--trust", "write it"])
      expect(scene.read("a.ts")).toBe("x\n// formatted\n")
      expect(lastAsked(talk)).toContain("prettier then formatted it")
      await scene.run(["-p", "--continue", "undo it"])
      expect(existsSync(scene.path("a.ts"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "a notebook's cell is changed once it was read, and a cell that there is not is told",
    async () => {
      const cell = (id: string, source: string) => ({ cell_type: "markdown", id, metadata: {}, source: [source] })
      const book = (...cells: object[]) => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 })
      using talk = talking(
        one("notebook_edit", { path: "a.ipynb", cell: "a", source: "new" }),
        one("read", { path: "a.ipynb" }),
        one("call_tool", { name: "notebook_edit", input: { path: "a.ipynb", cell: "1", source: "new" } }),
        one("notebook_edit", { path: "a.ipynb", cell: "z", mode: "delete" }),
        { text: "Changed." },
      )
      await put(talk, { "a.ipynb": JSON.stringify(book(cell("a", "old"), cell("b", "two"))) })
      await talk.scene.run(["-p", "change it", "--mode", "accept-edits"])
      expect(JSON.parse(talk.scene.read("a.ipynb"))).toEqual(book(cell("a", "new"), cell("b", "two")))
      expect(lastAsked(talk)).toContain("You have not read a.ipynb")
      expect(lastAsked(talk)).toContain("There is no cell")
    },
    HANG_MS,
  )
})
