import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 40_000

const write = (content: string) => ({ name: "write", args: { path: "test.sh", content } })
const run = (command: string) => ({ name: "bash", args: { command } })
const LIE = { text: "All tests pass. I ran them and everything is verified." }

/** What stands on stderr of a turn at whose end the model claims that all is well. */
async function told(...steps: readonly { readonly name: string; readonly args: object }[]): Promise<string> {
  using talk = talking(...steps.map((call) => ({ calls: [call] })), LIE)
  const { scene } = talk
  const { err, out } = await scene.run(["-p", "--yes", "do it"])
  expect(out).toContain("All tests pass")
  return err
}

const PASSING = "exit 0\n"
const FAILING = "exit 1\n"
const TESTED = run("sh test.sh")

describeBinary("what a turn's end says of its work, whatever its model claims", () => {
  test(
    "a model that ran nothing is unverified",
    async () => {
      const err = await told(write(PASSING))
      expect(err).toContain("unverified  no test, build or lint ran after the last edit")
      expect(err).not.toMatch(/^verified/m)
    },
    HANG_MS,
  )

  test(
    "a model whose tests failed has failed",
    async () => {
      const err = await told(write(FAILING), TESTED)
      expect(err).toMatch(/^failed +sh test\.sh {2}exit 1, after the last edit$/m)
      expect(err).not.toMatch(/^verified/m)
    },
    HANG_MS,
  )

  test(
    "a model that edits after its tests passed is stale",
    async () => {
      const err = await told(write(PASSING), TESTED, write(FAILING))
      expect(err).toMatch(/^stale +sh test\.sh {2}exit 0, before the last edit$/m)
      expect(err).not.toMatch(/^verified/m)
    },
    HANG_MS,
  )

  test(
    "a model that only says the words, or hides the exit code, is never verified",
    async () => {
      for (const trick of ["echo 'npm test: 12 passed'", "sh test.sh || true", "sh test.sh; true", "true # sh test.sh"])
        expect(await told(write(FAILING), run(trick))).not.toMatch(/^verified/m)
    },
    HANG_MS,
  )

  test(
    "a model whose tests passed after its last edit is verified",
    async () => {
      expect(await told(write(PASSING), TESTED)).toMatch(/^verified +sh test\.sh {2}exit 0, after the last edit$/m)
    },
    HANG_MS,
  )
})
