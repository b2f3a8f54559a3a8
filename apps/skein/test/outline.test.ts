import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const call = (name: string, args: Record<string, unknown>) => ({ calls: [{ name, args }] })

describeBinary("code that is read for what it defines", () => {
  test(
    "the compiled program maps a workspace, finds its symbols and draws who uses whom; what cannot be is said",
    async () => {
      using talk = talking(
        call("repo_map", { budgetTokens: 300 }),
        call("symbols", { path: "app/main.py" }),
        call("symbols", { name: "engine" }),
        call("code_graph", { path: "src/main.ts", direction: "out" }),
        call("code_graph", { symbol: "startEngine", format: "mermaid" }),
        call("symbols", { path: "README.md" }),
        call("code_graph", {}),
        { text: "Done." },
      )
      const { scene, server } = talk
      await Bun.write(scene.path("src/engine.ts"), "export function startEngine(port: number): void {}\n")
      await Bun.write(
        scene.path("src/main.ts"),
        'import { startEngine } from "./engine.ts"\nexport function main() {\n  startEngine(1)\n}\n',
      )
      await Bun.write(scene.path("app/main.py"), "class Engine:\n    def run(self): pass\n")
      await Bun.write(scene.path("README.md"), "# Words\n")

      expect((await scene.run(["-p", "look around"])).out).toBe("Done.\n")
      const told = (at: number) => server.requests[at]?.text ?? ""
      expect(told(1)).toContain("src/engine.ts\\n 1: export function startEngine(port: number): void")
      expect(told(2)).toContain("1-2: class Engine\\n  2: def run(self)")
      expect(told(3)).toContain("app/main.py:1: class Engine\\nsrc/engine.ts:1: export function startEngine")
      expect(told(4)).toContain("src/main.ts imports src/engine.ts")
      expect(told(5)).toContain('[\\"src/main.ts:2 main\\"]')
      expect(told(6)).toContain("no grammar of its language is here")
      expect(told(7)).toContain("name a path for its imports, or a symbol for its calls")
    },
    HANG_MS,
  )
})
