import { expect } from "bun:test"
import type { Scene } from "./scene.ts"
import type { Talking } from "./talking.ts"

/** Runs it and expects it to end well. */
export async function ok(scene: Scene, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await scene.run(args)
  expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" })
  return out
}

export async function json(scene: Scene, ...args: readonly string[]) {
  return JSON.parse(await ok(scene, ...args, "--json"))
}

/** Says these, a session each, and gives their ids in that order. */
export async function said({ scene }: Talking, ...prompts: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const prompt of prompts) {
    await ok(scene, "-p", prompt)
    const [newest] = await json(scene, "session", "list")
    ids.push(newest.sessionId)
  }
  return ids
}
