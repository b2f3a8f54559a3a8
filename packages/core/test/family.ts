import { type Scripted, type ScriptedModel, type TestTool, testTools } from "@skein/testkit"
import type { Agent, AgentResult, ModelPort, RunContext } from "../src/ports/index.ts"
import { ASKED } from "./scene.ts"

/** Each agent answers by a script of its own, known by its instructions; `root` is the session that is nobody's child. */
export function familyModel(facts: ScriptedModel, scripts: Readonly<Record<string, readonly Scripted[]>>): ModelPort {
  const asked = new Map<string, number>()
  const repliesOf = (name: string) => scripts[name.split("/")[0] ?? ""] ?? []
  return {
    ...facts,
    async *stream(request, signal) {
      const name = /^You are (\w+)/.exec(request.system[0] ?? "")?.[1] ?? "root"
      const who = `${name}/${request.cacheKey}`
      const at = asked.get(who) ?? 0
      asked.set(who, at + 1)
      const reply = repliesOf(who)[at]
      if (reply === undefined) throw new Error(`${who} was asked more than ${at} times`)
      for (const burst of reply) {
        if (burst instanceof Promise) await Promise.race([burst, stopped(signal)])
        else if (burst instanceof Error) throw burst
        else yield burst
        if (signal.aborted) throw signal.reason
      }
    },
  }
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
}

export function agentNamed(name: string, more: Partial<Agent> = {}): Agent {
  return { name, instructions: `You are ${name}.`, ...more }
}

/** `task` begins children and says what they came to; `shell` is asked about. */
export function taskTools(more: Readonly<Record<string, TestTool>> = {}, of: Partial<Agent> = {}) {
  return testTools({
    task: { isConcurrent: true, run: async (input, context) => resultText(await spawned(input, context, of)) },
    shell: { ...ASKED, run: ({ n }) => `ran ${n}` },
    ...more,
  })
}

/** Begins `names`, and waits for all unless it is left in the background. */
async function spawned({ names, background }: Record<string, unknown>, { agents }: RunContext, of: Partial<Agent>) {
  if (agents === undefined) throw new Error("No agents here")
  const list = Array.isArray(names) ? names.map(String) : [String(names)]
  const begun = await Promise.all(
    list.map((name) => {
      const request = { agent: agentNamed(name, of), description: `what ${name} does`, prompt: `do it, ${name}` }
      return agents.spawn({ ...request, isBackground: background === true })
    }),
  )
  return background === true ? [] : Promise.all(begun.map(({ done }) => done))
}

function resultText(results: readonly AgentResult[]): string {
  return results.length === 0 ? "begun" : results.map(({ outcome, text }) => `${outcome.kind}: ${text}`).join("\n")
}
