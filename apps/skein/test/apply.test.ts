import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { repository } from "./ground/repository.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 40_000
const LINES = Array.from({ length: 12 }, (_, at) => `line ${at}\n`).join("")

/** A repository, and a patch that changes one of its lines. */
function scene() {
  const at = new Scene()
  const { git, put } = repository(at, ["a.txt", LINES])
  put("a.txt", LINES.replace("line 5", "five"))
  const patch = git("diff")
  git("checkout", "--quiet", "a.txt")
  put("p.diff", patch)
  return { at, git, put, patch, [Symbol.dispose]: () => at.remove() }
}

describeBinary("a patch", () => {
  test(
    "is applied from a file or from stdin, and told file by file",
    async () => {
      using given = scene()
      const { at, git, patch } = given
      const dry = await at.run(["apply", "--patch-file", "p.diff", "--dry-run"])
      expect([dry.code, dry.out, at.read("a.txt")]).toEqual([0, "+1 -1  a.txt\n1 file would apply cleanly\n", LINES])
      expect((await at.run(["apply", "--patch-file", "p.diff"])).out).toBe("+1 -1  a.txt\n1 file applied\n")
      expect(at.read("a.txt")).toContain("five\n")
      git("checkout", "--quiet", "a.txt")
      expect((await at.run(["apply", "-"], { stdin: patch.trimEnd() })).code).toBe(0)
    },
    HANG_MS,
  )

  test(
    "is merged where the file has moved on, with conflicts marked and named; and refused whole where it is none",
    async () => {
      using given = scene()
      const { at, git, put } = given
      put("a.txt", `first\n${LINES.replace("line 4", "four")}`)
      git("commit", "--quiet", "-a", "-m", "more")
      const { code, err } = await at.run(["apply", "--patch-file", "p.diff"])
      expect([code, err]).toEqual([1, expect.stringContaining("merged, with conflicts that are marked in the files")])
      expect(at.read("a.txt")).toContain("<<<<<<<")
      put("bad.diff", "no patch at all\n")
      const bad = await at.run(["apply", "--patch-file", "bad.diff"])
      expect([bad.code, bad.err]).toEqual([2, expect.stringContaining("That is no patch that git can read")])
      expect((await at.run(["apply", "--patch-file", "none.diff"])).err).toMatch(
        /none\.diff: there is no such file\.\n/,
      )
    },
    HANG_MS,
  )

  test(
    "of a hosted task is said to be out of reach, with what to do",
    async () => {
      using given = scene()
      const { code, err } = await given.at.run(["apply", "task_e_123"])
      expect([code, err]).toEqual([69, expect.stringContaining("speaks to no hosted task service")])
    },
    HANG_MS,
  )
})
