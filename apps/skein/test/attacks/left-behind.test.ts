import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Attacked, attack, bash, LAYERS, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const COMMIT = "git -c user.name=a -c user.email=a@b.c commit -qm 1"
/** Written as a script, so that it is only a program of the workspace to whoever reads the line. */
const script = (lines: string) => bash(`cat > w.sh <<'E'\n${lines}\nE\nsh w.sh`)

/** The person looks at the folder afterwards, outside of all sandboxes. */
function lookedAt({ project, outside }: Attacked): boolean {
  Bun.spawnSync(["git", "-c", "safe.directory=*", "status", "--short"], { cwd: project })
  Bun.spawnSync(["git", "-c", "safe.directory=*", "diff"], { cwd: project })
  return existsSync(join(outside, "ran"))
}

for (const who of WHO) {
  describeBinary(`what a command leaves in the workspace, as ${who}`, () => {
    for (const [layer, args] of [
      ["the sandbox and the policy", LAYERS.both],
      ["the sandbox alone", LAYERS.sandbox],
    ] as const) {
      test(`T17, T18: a submodule of its own making runs nothing when git looks from above, with ${layer}`, async () => {
        using ran = await attack({
          who,
          args,
          setup: `git init -q . && git add -A && ${COMMIT}`,
          steps: ({ outside }) => [
            [
              script(
                `mkdir sub && cd sub && git init -q . && echo 1 > f && git add f && ${COMMIT}; printf '[core]\\n\\tfsmonitor = touch ${outside}/ran;\\n' >> .git/config; cd .. && git add sub && git ls-files -s && echo added`,
              ),
            ],
          ],
        })
        expect(ran.results[0]).toContain("added")
        expect(lookedAt(ran)).toBe(false)
      })

      test(`T38: a workspace that it lays out like a repository runs nothing when git looks, with ${layer}`, async () => {
        using ran = await attack({
          who,
          args,
          steps: ({ outside }) => [
            [
              script(
                `mkdir objects refs; echo 'ref: refs/heads/x' > HEAD; printf '[core]\\n\\trepositoryformatversion = 0\\n\\tbare = false\\n\\tworktree = .\\n\\tfsmonitor = touch ${outside}/ran;\\n' > config; echo made`,
              ),
            ],
          ],
        })
        expect(ran.results[0]).toContain("made")
        expect(lookedAt(ran)).toBe(false)
      })
    }

    test("what an undo could not give back is not taken away unasked", async () => {
      using ran = await attack({
        who,
        args: LAYERS.both,
        setup: "mkdir data small; truncate -s 20M big data/big; touch small/a",
        steps: () => [[bash("rm big")], [bash("rm -rf data")], [bash("truncate -s 0 big")], [bash("rm -rf small")]],
      })
      expect(ran.changed).toEqual(["- project/small", "- project/small/a"])
    })
  })
}
