import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 40_000
const write = (path: string, content: string) => ({ name: "write", args: { path, content } })

/** The newest request, as it was sent. */
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("what a model does to its own session", () => {
  test(
    "an edit of several files is one undo, and a person's change since refuses it",
    async () => {
      const both = {
        name: "multiedit",
        args: { edits: ["a", "b"].map((path) => ({ path, oldText: "one", newText: "two" })) },
      }
      using talk = talking(
        { calls: [write("a", "one\n"), write("b", "one\n")] },
        { calls: [both] },
        { text: "Edited." },
        { calls: [{ name: "undo", args: {} }] },
        { text: "Undone." },
        { calls: [{ name: "undo", args: { calls: 3 } }] },
        { text: "Refused." },
      )
      const { scene } = talk
      await scene.run(["-p", "edit them"])
      expect([scene.read("a"), scene.read("b")]).toEqual(["two\n", "two\n"])
      expect((await scene.run(["-p", "--continue", "undo it"])).out).toBe("Undone.\n")
      expect([scene.read("a"), scene.read("b")]).toEqual(["one\n", "one\n"])
      await Bun.write(scene.path("b"), "mine\n")
      await scene.run(["-p", "--continue", "undo more"])
      expect([scene.read("a"), scene.read("b")]).toEqual(["one\n", "mine\n"])
      expect(lastAsked(talk)).toContain("Nothing was undone")
    },
    HANG_MS,
  )

  test(
    "a file that changed since the model saw it is told with the next prompt; its list and its meter are there",
    async () => {
      const todos = [{ text: "the list", status: "pending" }]
      using talk = talking(
        { calls: [write("a", "one\n"), { name: "todo_write", args: { todos } }] },
        { text: "Written." },
        { calls: [{ name: "sessions", args: {} }] },
        { text: "Seen." },
      )
      const { scene } = talk
      await scene.run(["-p", "write it"])
      await Bun.write(scene.path("a"), "mine\n")
      await scene.run(["-p", "--continue", "go on"])
      expect(lastAsked(talk)).toContain("a is not as you last saw it")
      expect(lastAsked(talk)).toContain("context: about")
      expect((await scene.run(["-p", "--continue", "/todos"])).out).toBe("[ ] the list\n")
    },
    HANG_MS,
  )

  test(
    "it reads its list, goes into mode plan by itself, and carries a plan out once it is approved; never where nobody could",
    async () => {
      const one = (name: string, args: object = {}) => ({ calls: [{ name, args }] })
      using talk = talking(
        one("todo_write", { todos: [{ text: "the list", status: "in_progress" }] }),
        one("todoread"),
        one("plan_enter"),
        { calls: [write("early", "x\n")] },
        one("plan_exit", { plan: "# Do\n- [ ] write late" }),
        { calls: [write("late", "x\n")] },
        { text: "Done." },
        one("plan_enter"),
        one("plan_exit", { plan: "- no" }),
        { text: "Alone." },
      )
      const { scene } = talk
      const calls = talk.server
      expect((await scene.run(["-p", "--yes", "plan it"])).out).toBe("Done.\n")
      expect([existsSync(scene.path("early")), scene.read("late")]).toEqual([false, "x\n"])
      expect(calls.requests.some(({ text }) => text.includes("[~] the list"))).toBe(true)
      expect(lastAsked(talk)).toContain("The person approved this plan.")
      expect((await scene.run(["-p", "--continue", "/plan"])).out).toBe("# Do\n- [ ] write late\n")
      expect((await scene.run(["-p", "again"])).out).toBe("Alone.\n")
      expect(lastAsked(talk)).toContain("Nobody is here to approve a plan. The mode stays auto")
      expect(lastAsked(talk)).toContain("The mode is auto, not plan")
    },
    HANG_MS,
  )
})
