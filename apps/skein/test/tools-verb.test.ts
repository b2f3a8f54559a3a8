import { afterEach, beforeEach, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 40_000

let at: Scene
beforeEach(() => {
  at = new Scene()
})
afterEach(() => at.remove())

describeBinary("skein tools", () => {
  test(
    "lists every tool with what its calls may do, shows one with its arguments, and names the nearest of a slip",
    async () => {
      const listed = JSON.parse((await at.run(["tools", "list", "--json"])).out)
      expect(listed).toContainEqual(expect.objectContaining({ name: "bash", isEnabled: true }))
      expect((await at.run(["tools", "show", "grep"])).out).toContain("pattern     string, required")
      const { code, err } = await at.run(["tools", "show", "raed"])
      expect([code, err]).toEqual([2, expect.stringContaining("Did you mean read?")])
    },
    HANG_MS,
  )

  test(
    "makes one call of a person's own, without a model: judged, run, and its exit code told",
    async () => {
      await Bun.write(at.path("a.txt"), "hello needle\n")
      expect(await at.run(["tools", "use", "grep", "needle"])).toMatchObject({ code: 0, out: "a.txt:1:hello needle\n" })
      expect(await at.run(["tools", "use", "read", "--input", '{"path":"a.txt"}'])).toMatchObject({ code: 0 })
      expect((await at.run(["tools", "use", "read", "nope"])).code).toBe(1)
      expect((await at.run(["tools", "use", "grep", "a", "b"])).code).toBe(2)
      expect((await at.run(["tools", "use", "grep", "--input", "{"])).code).toBe(2)
      const outside = ["tools", "use", "write", at.path("../outside.txt"), "hi"]
      expect(await at.run(outside)).toMatchObject({ code: 77, err: expect.stringContaining("--yes") })
      expect((await at.run([...outside, "--yes"])).code).toBe(0)
      expect(await Bun.file(at.path("../outside.txt")).text()).toBe("hi")
    },
    HANG_MS,
  )

  test(
    "turns tools off and on by glob, in the person's settings, for every model and for the person",
    async () => {
      const glob = { name: "glob", args: { pattern: "*" } }
      using talk = talking({ calls: [glob] }, { text: "Refused." })
      const { scene, server } = talk
      expect((await scene.run(["tools", "disable", "gl*"])).code).toBe(0)
      await scene.run(["-p", "look"])
      const [first] = server.requests
      expect(first?.text).not.toContain('"name":"glob"')
      expect(server.requests.at(-1)?.text).toContain('There is no tool \\"glob\\" in this session')
      expect((await scene.run(["tools", "use", "glob", "*"])).code).toBe(1)
      await scene.run(["tools", "enable", "glob"])
      expect((await scene.run(["tools", "use", "glob", "*"])).code).toBe(1)
      await scene.run(["tools", "enable", "gl*"])
      expect((await scene.run(["tools", "use", "glob", "*"])).code).toBe(0)
    },
    HANG_MS,
  )
})
