import { expect, setDefaultTimeout, test } from "bun:test"
import { attack, bash, LAYERS, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const CANARY = "canary-91d3-5kXq"
const BACKWARDS = [...CANARY].toReversed().join("")
const KEPT = [".env~", "#.env#", ".env_backup", ".env-prod", "deploy/prod.env.old", ".netrc~", "Copy of .env"]

for (const who of WHO) {
  describeBinary(`what reads by another name, as ${who}`, () => {
    test("finds no secret in what an editor or a person kept of its file, not even backwards", async () => {
      using ran = await attack({
        who,
        args: LAYERS.sandbox,
        files: Object.fromEntries(KEPT.map((name) => [`project/${name}`, `FOO=${CANARY}\n`])),
        steps: () => [
          [bash(KEPT.map((name) => `cat "${name}"; rev "${name}"`).join("; "))],
          KEPT.map((path) => ({ name: "read", args: { path } })),
        ],
      })
      expect(ran.results).toHaveLength(KEPT.length + 1)
      expect(ran.sent).not.toContain(CANARY)
      expect(ran.sent).not.toContain(BACKWARDS)
    })

    test("finds none in a file that the command just before it brought", async () => {
      using ran = await attack({
        who,
        args: LAYERS.sandbox,
        setup: `mkdir hidden && printf 'FOO=${CANARY}\\n' | base64 > hidden/text`,
        steps: () => [
          [bash("mkdir -p new/deep; base64 -d hidden/text > new/deep/.env; cp new/deep/.env copy.txt")],
          [bash("cat new/deep/.env copy.txt; rev new/deep/.env")],
          [bash("cat copy.txt")],
        ],
      })
      expect(ran.results.at(-1)).toContain("[secret: FOO]")
      expect(ran.sent).not.toContain(CANARY)
      expect(ran.sent).not.toContain(BACKWARDS)
    })

    test("is not told what an ignore file leads to", async () => {
      using ran = await attack({
        who,
        args: ["--mode", "plan"],
        files: { "home/.claude/.credentials.json": `{"token":"${CANARY}"\n`, "project/a.ts": "needle\n" },
        setup: "ln -s ../home/.claude/.credentials.json .ignore",
        steps: () => [
          [
            { name: "grep", args: { pattern: "needle" } },
            { name: "glob", args: { pattern: "**/*.ts" } },
            { name: "tree", args: {} },
          ],
        ],
      })
      expect(ran.results.every((text) => text.includes("a.ts"))).toBe(true)
      expect(ran.sent).not.toContain(CANARY)
    })

    test("is asked about where a link leads out of the workspace, with and without a sandbox", async () => {
      for (const args of [LAYERS.both, LAYERS.policy]) {
        using ran = await attack({
          ...{ who, args, setup: "ln -s /srv/notes/victim link; ln -s /srv/notes folder" },
          steps: () => [
            [bash("cat link"), bash("cat folder/victim"), bash("cd folder && head victim"), bash("grep . < link")],
          ],
        })
        expect(ran.results.map((text) => text.includes("it reads outside the workspace"))).toEqual(Array(4).fill(true))
      }
    })
  })
}
