import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { repository } from "./ground/repository.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const FINDING = {
  ...{ title: "[P1] Divides by nothing", body: "With n = 0 this throws.", file: "a.ts", start_line: 2, end_line: 1 },
  ...{ priority: "P1", confidence: 0.9, fix: "if (n === 0) return 0" },
}
const SMALL = { ...FINDING, title: "A name", priority: "P3", fix: null }
const reportOf = (...findings: readonly unknown[]) =>
  JSON.stringify({ findings, verdict: "incorrect", explanation: "It breaks on zero.", confidence: 0.8 })
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("a review", () => {
  test(
    "asked for as a command of one prompt is made before the program ends, in whatever format",
    async () => {
      for (const flags of [[], ["--output-format", "json"]]) {
        using talk = talking({ text: "No findings." })
        repository(talk.scene, ["a.ts", "1\n"])
        const { code, out } = await talk.scene.run(["-p", "/review", ...flags])
        expect([code, out]).toEqual([0, expect.stringContaining("No findings.")])
        expect(lastAsked(talk)).toContain("Review the current code changes")
      }
    },
    HANG_MS,
  )

  test(
    "reads what is not committed, can change nothing, and says what was found, the worst first",
    async () => {
      const writes = { calls: [{ name: "write", args: { path: "made.ts", content: "gone" } }] }
      using talk = talking(writes, { text: reportOf(SMALL, FINDING) })
      const { scene } = talk
      const { put } = repository(scene, ["a.ts", "1\n"])
      put("a.ts", "1\n2 / n\n")
      put("new.ts", "fresh\n")
      const { code, out, err } = await scene.run(["review", "--uncommitted"])
      expect(out).toBe(
        [
          "It breaks on zero.",
          "",
          "Full review comments:",
          "",
          "- [P1] Divides by nothing — a.ts:1-2",
          "  With n = 0 this throws.",
          "",
          "  Suggested:",
          "  if (n === 0) return 0",
          "",
          "- [P3] A name — a.ts:1-2",
          "  With n = 0 this throws.",
          "",
        ].join("\n"),
      )
      expect([code, err]).toEqual([0, expect.stringContaining("reviewing current changes")])
      expect(existsSync(scene.path("made.ts"))).toBe(false)
      expect(lastAsked(talk)).toContain("+2 / n")
      expect(lastAsked(talk)).toContain("new.ts")
      expect(lastAsked(talk)).toContain("mode plan")
    },
    HANG_MS,
  )

  test(
    "of a branch or a commit is JSON where that is asked for, and fails on what is bad enough",
    async () => {
      using talk = talking({ text: `\`\`\`json\n${reportOf(FINDING)}\n\`\`\`` })
      const { scene } = talk
      const { git, put } = repository(scene, ["a.ts", "1\n"])
      git("switch", "--quiet", "-c", "work")
      put("a.ts", "1\n2 / n\n")
      git("commit", "--quiet", "-a", "-m", "halve it")
      const byBase = await scene.run(["review", "--base", "main", "--json", "--fail-on", "P1"])
      expect([byBase.code, JSON.parse(byBase.out)]).toMatchObject([
        1,
        { findings: [{ priority: "P1", lines: { start: 1, end: 2 }, file: "a.ts" }], verdict: "incorrect" },
      ])
      expect(lastAsked(talk)).toContain("+2 / n")
      const byCommit = await scene.run(["review", "--commit", "HEAD", "--fail-on", "P0"])
      expect([byCommit.code, lastAsked(talk).includes("halve it")]).toEqual([0, true])
    },
    HANG_MS,
  )

  test(
    "that is no report is mended once, and told when it still is none",
    async () => {
      using talk = talking({ text: "Looks fine." }, { text: reportOf() }, { text: "Fine." }, { text: "Really." })
      const { scene } = talk
      repository(scene, ["a.ts", "1\n"])
      const mended = await scene.run(["review", "is a.ts right?"])
      expect([mended.code, mended.out]).toEqual([0, "It breaks on zero.\n"])
      expect(lastAsked(talk)).toContain("The answer is not JSON.")
      const broken = await scene.run(["review", "is a.ts right?"])
      expect([broken.code, broken.out]).toEqual([1, "Really.\n"])
      expect(broken.err).toContain("did not answer in the form that was asked for, twice")
    },
    HANG_MS,
  )

  test(
    "asks for exactly one thing to review, and for nothing where nothing changed",
    async () => {
      using talk = talking({ text: reportOf() })
      const { scene } = talk
      repository(scene, ["a.ts", "1\n"])
      const said = async (...args: readonly string[]) => {
        const { code, out, err } = await scene.run(["review", ...args])
        return [code, `${out}${err}`.split("\n")[0]]
      }
      const ways = "--uncommitted, --base BRANCH, --commit SHA, --pr NUMBER, or instructions in your own words."
      expect(await said()).toEqual([2, `skein: What is to be reviewed? Say ${ways}`])
      expect(await said("--uncommitted", "--base", "main")).toEqual([2, `skein: Say only one of ${ways}`])
      expect(await said("--base=--output=/tmp/x")).toEqual([2, 'skein: "--output=/tmp/x" names no branch or commit.'])
      expect((await said("--base", "nowhere"))[1]).toContain("git merge-base HEAD nowhere did not succeed")
      expect(await said("--uncommitted")).toEqual([0, "Nothing has changed: there is nothing to review."])
      expect(await said("--pr", "7")).toEqual([
        69,
        expect.stringContaining("GitHub's gh or GitLab's glab, and neither is installed"),
      ])
      expect(talk.server.requests).toHaveLength(0)
    },
    HANG_MS,
  )

  test(
    "of exec is one message and no usage of the thread's own",
    async () => {
      using talk = talking({ text: reportOf(FINDING) })
      const { scene } = talk
      const { put } = repository(scene, ["a.ts", "1\n"])
      put("a.ts", "1\n2 / n\n")
      const { code, out } = await scene.run(["exec", "--json", "review", "--uncommitted"])
      const lines = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect([code, lines.map(({ type }) => type)]).toEqual([
        0,
        ["thread.started", "turn.started", "item.completed", "turn.completed"],
      ])
      expect(lines[2].item.text).toStartWith(
        "It breaks on zero.\n\nReview comment:\n\n- [P1] Divides by nothing — a.ts:1-2",
      )
      expect(lines[3].usage).toMatchObject({ input_tokens: 0, output_tokens: 0 })
    },
    HANG_MS,
  )
})
