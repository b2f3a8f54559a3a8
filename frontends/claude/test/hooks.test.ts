import { expect, test } from "bun:test"
import { fakeHooks, say, scriptedModel, testEngine } from "@skein/testkit"
import { parseFlags, printTurn } from "../src/index.ts"

async function lines(...argv: string[]): Promise<string[]> {
  const written: string[] = []
  const engine = testEngine(scriptedModel(say("Hi.")), { hooks: fakeHooks({ UserPromptSubmit: () => ({}) }) })
  await printTurn({
    ...{ engine, prompt: [{ type: "text", text: "hello" }], write: (line) => written.push(line) },
    options: { flags: parseFlags(["--output-format=stream-json", ...argv]), cwd: "/w", uuid: () => "u" },
  })
  await engine.close()
  return written.map((text) => {
    const { type, subtype } = JSON.parse(text)
    return [type, subtype].filter(Boolean).join(" ")
  })
}

test("a host that asks for them is told of every hook that ran, and another is not", async () => {
  expect(await lines("--include-hook-events")).toEqual([
    ...["system init", "system hook_started", "system hook_response", "assistant", "result success"],
  ])
  expect(await lines()).toEqual(["system init", "assistant", "result success"])
})
