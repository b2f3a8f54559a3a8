import { expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import type { Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const HELLO = { text: "Hello there." }
const YES = ["--mode", "auto"]

const write = (path: string, content: string) => ({ calls: [{ name: "write", args: { path, content } }] })

/** Runs it and expects it to end well. */
async function ok(scene: Scene, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await scene.run(args)
  expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" })
  return out
}

describeBinary("sessions whose folder or writer is elsewhere", () => {
  test(
    "go where their folder went, with all that can be taken back in it, and start nothing where it is gone",
    async () => {
      using talk = talking(write("a.txt", "one\n"), HELLO, write("b.txt", "two\n"), HELLO)
      const { scene } = talk
      await ok(scene, "-p", "go", ...YES)
      const moved = join(scene.root, "moved")
      renameSync(scene.cwd, moved)
      const [{ sessionId }] = JSON.parse((await scene.run(["session", "list", "--json"], { cwd: moved })).out)
      const refused = await scene.run(["resume", sessionId, "again"], { cwd: scene.home })
      expect([refused.code, refused.err]).toEqual([78, expect.stringContaining("go there and ask again")])
      expect((await scene.run(["resume", "--last", ...YES, "again"], { cwd: moved })).code).toBe(0)
      expect([existsSync(scene.cwd), readFileSync(join(moved, "b.txt"), "utf8")]).toEqual([false, "two\n"])
      expect((await scene.run(["undo", "2", "--yes"], { cwd: moved })).code).toBe(0)
      expect(readdirSync(moved)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "are replayed and told of while another skein writes them, and nothing is written by that",
    async () => {
      const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      using talk = talking(HELLO, async (request) => {
        asked.resolve()
        await answer.promise
        await request.say(HELLO)
      })
      const { scene } = talk
      await ok(scene, "-p", "one")
      const [{ sessionId: id }] = JSON.parse(await ok(scene, "session", "list", "--json"))
      const running = scene.run(["resume", id, "two"])
      await asked.promise
      expect(await ok(scene, "session", "replay", id)).toContain("› two")
      expect(await ok(scene, "session", "log", id)).toContain("two")
      answer.resolve()
      expect((await running).code).toBe(0)
      expect(await ok(scene, "session", "verify", id)).toContain("intact")
    },
    HANG_MS,
  )
})
